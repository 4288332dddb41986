//! BuildKit asks who we are to a registry when it needs to know; this answers.

use bollard_buildkit_proto::moby::filesync::v1::auth_server::Auth;
use bollard_buildkit_proto::moby::filesync::v1::{
    CredentialsRequest, CredentialsResponse, FetchTokenRequest, FetchTokenResponse,
    GetTokenAuthorityRequest, GetTokenAuthorityResponse, VerifyTokenAuthorityRequest,
    VerifyTokenAuthorityResponse,
};
use tonic::{Request, Response, Status, async_trait};

use crate::credentials::Credentials;

/// Answers from the client's configuration.
#[derive(Debug)]
pub(crate) struct Accounts(pub(crate) Credentials);

/// BuildKit gets tokens by itself from whoever says this.
fn by_yourself<T>() -> Result<Response<T>, Status> {
    Err(Status::unavailable("tokens are not fetched here"))
}

#[async_trait]
impl Auth for Accounts {
    async fn credentials(
        &self,
        request: Request<CredentialsRequest>,
    ) -> Result<Response<CredentialsResponse>, Status> {
        let credentials = self.0.clone();
        let host = request.into_inner().host;
        // It may ask a program.
        let found = tokio::task::spawn_blocking(move || credentials.login(&host)).await;
        let login = found
            .map_err(|error| Status::internal(error.to_string()))?
            .map_err(|error| Status::unknown(error.to_string()))?;
        let (username, secret) = login.map_or_else(Default::default, |l| (l.user, l.secret));
        Ok(Response::new(CredentialsResponse { username, secret }))
    }

    async fn fetch_token(
        &self,
        _: Request<FetchTokenRequest>,
    ) -> Result<Response<FetchTokenResponse>, Status> {
        by_yourself()
    }

    async fn get_token_authority(
        &self,
        _: Request<GetTokenAuthorityRequest>,
    ) -> Result<Response<GetTokenAuthorityResponse>, Status> {
        by_yourself()
    }

    async fn verify_token_authority(
        &self,
        _: Request<VerifyTokenAuthorityRequest>,
    ) -> Result<Response<VerifyTokenAuthorityResponse>, Status> {
        by_yourself()
    }
}
