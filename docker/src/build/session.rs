//! Two connections for a build: one on which BuildKit asks us, one on which we ask it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bollard_buildkit_proto::health::health_check_response::ServingStatus;
use bollard_buildkit_proto::health::health_server::{Health, HealthServer};
use bollard_buildkit_proto::health::{
    HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse,
};
use bollard_buildkit_proto::moby::buildkit::v1::control_client::ControlClient;
use bollard_buildkit_proto::moby::filesync::packet::file_sync_server::FileSyncServer;
use bollard_buildkit_proto::moby::filesync::v1::auth_server::AuthServer;
use hyper::header::{HeaderName, HeaderValue};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinHandle;
use tonic::codegen::Service;
use tonic::codegen::tokio_stream::{Stream, once};
use tonic::transport::server::Connected;
use tonic::transport::{Channel, Server, Uri};
use tonic::{Request, Response, Status, async_trait};

use super::auth::Accounts;
use super::sync::Folders;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::http::{self, Failure};

/// BuildKit's messages can be large.
const LARGEST: usize = 16 << 20;

/// What we can be asked, as the headers of a session say it.
const METHODS: [&str; 5] = [
    "/grpc.health.v1.Health/Check",
    "/moby.filesync.v1.Auth/Credentials",
    "/moby.filesync.v1.Auth/FetchToken",
    "/moby.filesync.v1.Auth/GetTokenAuthority",
    "/moby.filesync.v1.FileSync/DiffCopy",
];

/// The connection on which BuildKit asks; it ends with this.
pub(crate) struct Session {
    pub(crate) id: String,
    server: JoinHandle<()>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Session {
    /// Opens it.
    pub(crate) async fn open(
        endpoint: &Endpoint,
        folders: Folders,
        accounts: Accounts,
    ) -> Result<Self, Failure> {
        let id = random_id();
        let header = |name: &'static str, value: &str| {
            let value = HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""));
            (HeaderName::from_static(name), value)
        };
        let mut headers = vec![
            header("x-docker-expose-session-uuid", &id),
            header("x-docker-expose-session-name", "build"),
        ];
        for method in METHODS {
            headers.push(header("x-docker-expose-session-grpc-method", method));
        }
        let stream = http::upgrade(endpoint, "/session", "h2c", &headers).await?;
        let router = Server::builder()
            .add_service(HealthServer::new(Fine))
            .add_service(AuthServer::new(accounts))
            .add_service(FileSyncServer::new(folders).max_encoding_message_size(LARGEST));
        let connection = once(Ok::<_, io::Error>(Asking(TokioIo::new(stream))));
        let server = tokio::spawn(async move {
            // It ends with the build; if it ends before, the build fails and says why.
            let _ = router.serve_with_incoming(connection).await;
        });
        Ok(Self { id, server })
    }
}

/// The connection on which we ask BuildKit.
pub(crate) async fn control(endpoint: &Endpoint) -> Result<ControlClient<Channel>, Error> {
    let channel = Channel::from_static("http://docker")
        .connect_with_connector(Connector(endpoint.clone()))
        .await
        .map_err(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            Error::failed(
                "talk to the engine's BuildKit",
                cause.unwrap_or_else(|| error.to_string()),
            )
        })?;
    Ok(ControlClient::new(channel)
        .max_decoding_message_size(LARGEST)
        .max_encoding_message_size(LARGEST))
}

/// A name that nobody else has.
pub(crate) fn random_id() -> String {
    let bytes: [u8; 16] = rand::random();
    crate::endpoint::hex(&bytes)
}

struct Connector(Endpoint);

impl Service<Uri> for Connector {
    type Response = Upgraded;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Upgraded, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let endpoint = self.0.clone();
        Box::pin(async move {
            match http::upgrade(&endpoint, "/grpc", "h2c", &[]).await {
                Ok(stream) => Ok(stream),
                Err(Failure::Other(error)) => Err(error.into()),
                Err(Failure::Status(status, message)) => Err(format!("{status}: {message}").into()),
            }
        })
    }
}

/// The stream of a session, for the server at our end.
struct Asking(TokioIo<Upgraded>);

impl Connected for Asking {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}

impl AsyncRead for Asking {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Asking {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// BuildKit ends sessions of those who do not say that they are well.
struct Fine;

const SERVING: HealthCheckResponse = HealthCheckResponse {
    status: ServingStatus::Serving as i32,
};

#[async_trait]
impl Health for Fine {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn check(
        &self,
        _: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        Ok(Response::new(SERVING))
    }

    async fn list(
        &self,
        _: Request<HealthListRequest>,
    ) -> Result<Response<HealthListResponse>, Status> {
        Ok(Response::new(HealthListResponse::default()))
    }

    async fn watch(
        &self,
        _: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        Ok(Response::new(Box::pin(once(Ok(SERVING)))))
    }
}
