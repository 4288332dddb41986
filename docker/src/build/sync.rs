//! BuildKit asks for folders of ours by name, file by file: this answers.
//!
//! The protocol is fsutil's: we list what there is, each entry with a number from
//! 0 on, and end the list with an empty entry; meanwhile BuildKit asks for the
//! contents of numbers; when it has all it says so, and so do we.

use std::collections::HashMap;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bollard_buildkit_proto::fsutil::types::packet::PacketType;
use bollard_buildkit_proto::fsutil::types::{Packet, Stat};
use bollard_buildkit_proto::moby::filesync::packet::file_sync_server::FileSync;
use tokio::sync::mpsc;
use tonic::codegen::tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::files::{Entry, EntryKind, Files, unreadable, walk};
use crate::error::Error;

/// Bytes of a file in one message.
const CHUNK: usize = 64 * 1024;

/// How many messages may wait.
const WAITING: usize = 64;

/// Where frontends look for what is to be left out. It is left out already.
const IGNORE_FILE: &str = ".dockerignore";

/// Bits of Go's file modes, in which the protocol thinks.
mod mode {
    pub(super) const FOLDER: u32 = 1 << 31;
    pub(super) const LINK: u32 = 1 << 27;
    pub(super) const PIPE: u32 = 1 << 25;
    pub(super) const SETUID: u32 = 1 << 23;
    pub(super) const SETGID: u32 = 1 << 22;
    pub(super) const STICKY: u32 = 1 << 20;
}

/// What stands behind a name.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A folder, as far as it takes part.
    Folder(PathBuf, Files),
    /// A single file, under this name.
    File(String, PathBuf),
}

/// The folders that a build may ask for.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    pub(crate) sources: HashMap<String, Source>,
    /// What went wrong on our side; BuildKit's message about it says less.
    pub(crate) problem: Arc<Mutex<Option<Error>>>,
}

impl Folders {
    fn list(source: &Source, asks_for_ignore_file: bool) -> Result<Vec<Entry>, Error> {
        match source {
            Source::Folder(..) if asks_for_ignore_file => Ok(Vec::new()),
            Source::Folder(folder, files) => walk(folder, files),
            Source::File(name, file) => {
                let metadata = std::fs::metadata(file).map_err(|e| unreadable(file, &e))?;
                Ok(vec![Entry {
                    path: name.clone(),
                    file: file.clone(),
                    kind: EntryKind::File,
                    metadata,
                }])
            }
        }
    }
}

type Packets = std::pin::Pin<Box<dyn Stream<Item = Result<Packet, Status>> + Send>>;

#[async_trait]
impl FileSync for Folders {
    type DiffCopyStream = Packets;
    type TarStreamStream = Packets;

    async fn diff_copy(
        &self,
        request: Request<Streaming<Packet>>,
    ) -> Result<Response<Packets>, Status> {
        let values = |key: &str| -> Vec<String> {
            let all = request.metadata().get_all(key).iter();
            all.filter_map(|value| value.to_str().ok().map(str::to_owned))
                .collect()
        };
        let name = values("dir-name").into_iter().next().unwrap_or_default();
        let includes = values("include-patterns");
        let asks_for_ignore_file =
            !includes.is_empty() && includes.iter().all(|pattern| pattern == IGNORE_FILE);
        let source = self
            .sources
            .get(&name)
            .cloned()
            .ok_or_else(|| Status::not_found(format!("no folder {name:?} in this build")))?;
        let (packets, answers) = mpsc::channel(WAITING);
        let (ask, asked) = mpsc::unbounded_channel();
        let mut incoming = request.into_inner();
        tokio::spawn(async move {
            while let Ok(Some(packet)) = incoming.message().await {
                let wish = match packet.r#type() {
                    PacketType::PacketReq => Wish::File(packet.id),
                    PacketType::PacketFin => Wish::End,
                    _ => break,
                };
                if ask.send(wish).is_err() {
                    break;
                }
            }
        });
        let problem = Arc::clone(&self.problem);
        tokio::task::spawn_blocking(move || {
            let mut sender = Sender { packets, asked };
            if let Err(Stop::Failed(error)) = sender.run(&source, asks_for_ignore_file) {
                sender.fail(&error);
                let mut problem = problem.lock().unwrap_or_else(PoisonError::into_inner);
                problem.get_or_insert(error);
            }
        });
        Ok(Response::new(Box::pin(Answers(answers))))
    }

    async fn tar_stream(&self, _: Request<Streaming<Packet>>) -> Result<Response<Packets>, Status> {
        Err(Status::unimplemented("folders are copied file by file"))
    }
}

/// What BuildKit wants next.
enum Wish {
    File(u32),
    End,
}

/// Why nothing more is sent.
enum Stop {
    /// Nobody listens any more.
    Deaf,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// One conversation about a folder, on a thread that may wait for the disk.
struct Sender {
    packets: mpsc::Sender<Result<Packet, Status>>,
    asked: mpsc::UnboundedReceiver<Wish>,
}

impl Sender {
    fn run(&mut self, source: &Source, asks_for_ignore_file: bool) -> Result<(), Stop> {
        let entries = Folders::list(source, asks_for_ignore_file)?;
        for entry in &entries {
            self.send(PacketType::PacketStat, 0, Some(stat(entry)), Vec::new())?;
        }
        self.send(PacketType::PacketStat, 0, None, Vec::new())?;
        while let Some(wish) = self.asked.blocking_recv() {
            match wish {
                Wish::End => {
                    self.send(PacketType::PacketFin, 0, None, Vec::new())?;
                    break;
                }
                Wish::File(id) => match entries.get(id as usize) {
                    Some(entry) => self.contents(id, entry)?,
                    None => break,
                },
            }
        }
        Ok(())
    }

    fn contents(&self, id: u32, entry: &Entry) -> Result<(), Stop> {
        let path = &entry.file;
        let mut file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = file.read(&mut chunk).map_err(|e| unreadable(path, &e))?;
            // An empty message ends the file.
            self.send(PacketType::PacketData, id, None, chunk[..length].to_vec())?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn send(
        &self,
        kind: PacketType,
        id: u32,
        stat: Option<Stat>,
        data: Vec<u8>,
    ) -> Result<(), Stop> {
        let packet = Packet {
            r#type: kind.into(),
            stat,
            id,
            data,
        };
        let sent = self.packets.blocking_send(Ok(packet));
        sent.map_err(|_| Stop::Deaf)
    }

    fn fail(&self, error: &Error) {
        // If nobody listens, nobody needs to know.
        let _ = self
            .packets
            .blocking_send(Err(Status::unknown(error.to_string())));
    }
}

/// An entry as BuildKit sees it: the owner is always root, as it is with Docker's own client.
fn stat(entry: &Entry) -> Stat {
    let metadata = &entry.metadata;
    let bits = metadata.permissions().mode();
    let mut file_mode = bits & 0o777;
    for (unix, go) in [
        (0o4000, mode::SETUID),
        (0o2000, mode::SETGID),
        (0o1000, mode::STICKY),
    ] {
        if bits & unix != 0 {
            file_mode |= go;
        }
    }
    let mut target = String::new();
    let mut size = 0;
    match &entry.kind {
        EntryKind::Folder => file_mode |= mode::FOLDER,
        EntryKind::Pipe => file_mode |= mode::PIPE,
        EntryKind::File => size = metadata.len() as i64,
        EntryKind::Link(to) => {
            file_mode |= mode::LINK;
            target.clone_from(to);
        }
    }
    Stat {
        path: entry.path.clone(),
        mode: file_mode,
        size,
        mod_time: metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec(),
        linkname: target,
        ..Stat::default()
    }
}

/// The receiving end of a channel, as a stream.
struct Answers(mpsc::Receiver<Result<Packet, Status>>);

impl Stream for Answers {
    type Item = Result<Packet, Status>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
