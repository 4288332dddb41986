//! Connections: a stream of bytes to an engine or a registry, whatever carries it.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, Join, join};
use tokio::net::{TcpStream, UnixStream};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::endpoint::{Address, Endpoint};
use crate::error::Error;
use crate::tls;

/// How long a connection may take to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A stream of bytes in both directions.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Connects to an engine.
pub(crate) async fn engine(endpoint: &Endpoint) -> Result<Box<dyn Duplex>, Error> {
    let silent = |reason: String| Error::NotRunning {
        endpoint: endpoint.to_string(),
        reason,
    };
    match &endpoint.address {
        Address::Unix(socket) => match UnixStream::connect(socket).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Err(Error::NoPermission {
                    socket: socket.clone(),
                })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(silent("there is no such socket".to_owned()))
            }
            Err(error) => Err(silent(plain(&error))),
        },
        Address::Tcp { host, port } => {
            let stream = tcp(host, *port).await.map_err(|e| silent(plain(&e)))?;
            Ok(Box::new(stream))
        }
        Address::Tls { host, port, files } => {
            let config = tls::of_engine(files)?;
            let stream = secure(host, *port, config).await;
            Ok(stream.map_err(|e| silent(plain(&e)))?)
        }
        Address::Ssh { destination, port } => {
            let stream = Ssh::start(destination, *port).map_err(|e| silent(plain(&e)))?;
            Ok(Box::new(stream))
        }
    }
}

/// Connects without protection.
pub(crate) async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = in_time(TcpStream::connect((host, port))).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Connects with TLS.
pub(crate) async fn secure(
    host: &str,
    port: u16,
    config: ClientConfig,
) -> io::Result<Box<dyn Duplex>> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).map_err(io::Error::other)?;
    let stream = tcp(host, port).await?;
    let connector = TlsConnector::from(Arc::new(config));
    let stream = in_time(connector.connect(name, stream)).await?;
    Ok(Box::new(stream))
}

async fn in_time<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_| {
            let text = format!("no answer within {} seconds", PATIENCE.as_secs());
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        })
}

/// What the system says, without the error's number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(at) => text[..at].to_lowercase(),
        None => text,
    }
}

/// A connection that a program carries, as Docker's client does it: the user's own `ssh`,
/// with what is in its configuration, and `docker system dial-stdio` at the other end.
struct Ssh {
    stream: Join<ChildStdout, ChildStdin>,
    _program: Child,
}

impl Ssh {
    fn start(destination: &str, port: Option<u16>) -> io::Result<Self> {
        let mut command = Command::new("ssh");
        command.args(["-o", "ConnectTimeout=30", "-T"]);
        if let Some(port) = port {
            command.args(["-p", &port.to_string()]);
        }
        let mut program = command
            .args(["--", destination, "docker", "system", "dial-stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        match (program.stdout.take(), program.stdin.take()) {
            (Some(output), Some(input)) => Ok(Self {
                stream: join(output, input),
                _program: program,
            }),
            _ => Err(io::Error::other("ssh has no pipes")),
        }
    }
}

impl AsyncRead for Ssh {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Ssh {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<io::Result<usize>> {
        std::pin::Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
