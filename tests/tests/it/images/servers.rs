//! Servers that an engine and this program reach at one address, though an engine may have a network of its own.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tests::lab::LabEngine;

/// A server, as long as this is held.
pub(super) struct Server {
    /// Its address, `127.0.0.1:PORT`.
    pub(super) address: String,
    processes: Vec<Child>,
}

impl Server {
    /// Serves the Git repositories below a folder.
    pub(super) fn git(engine: &LabEngine, folder: &Path) -> Self {
        Self::start(
            engine,
            |command, port| {
                command.args([
                    "daemon",
                    "--export-all",
                    "--reuseaddr",
                    "--listen=127.0.0.1",
                ]);
                command.arg(format!("--port={port}"));
                command.arg(format!("--base-path={}", folder.display()));
            },
            "git",
        )
    }

    /// Serves the files below a folder.
    pub(super) fn http(engine: &LabEngine, folder: &Path) -> Self {
        Self::start(
            engine,
            |command, port| {
                command.args(["-m", "http.server", "--bind=127.0.0.1", &port.to_string()]);
                command.arg("--directory").arg(folder);
            },
            "python3",
        )
    }

    fn start(engine: &LabEngine, arguments: impl Fn(&mut Command, u16), program: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut commands = vec![Command::new(program)];
        if engine.is_private() {
            commands.push(engine.in_network(program));
        }
        let null = || Stdio::from(File::options().write(true).open("/dev/null").unwrap());
        let start = |mut command: Command| {
            arguments(&mut command, port);
            command
                .stdin(Stdio::null())
                .stdout(null())
                .stderr(null())
                .spawn()
                .unwrap()
        };
        let server = Self {
            address: format!("127.0.0.1:{port}"),
            processes: commands.into_iter().map(start).collect(),
        };
        let begin = Instant::now();
        while TcpStream::connect(&server.address).is_err() {
            assert!(
                begin.elapsed() < Duration::from_secs(10),
                "{program} does not serve"
            );
            thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
