//! What TLS connections trust, and who they say they are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};

use crate::endpoint::TlsFiles;
use crate::error::Error;

/// What an engine's address asks for.
pub(crate) fn of_engine(files: &TlsFiles) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    match &files.ca {
        Some(ca) => add(&mut roots, ca)?,
        None => add_system(&mut roots),
    }
    let client = match (&files.cert, &files.key) {
        (Some(cert), Some(key)) => Some((cert.as_path(), key.as_path())),
        _ => None,
    };
    let mut config = build(roots, client)?;
    if !files.verify {
        let provider = Arc::new(ring::default_provider());
        config
            .dangerous()
            .set_certificate_verifier(Arc::new(Anyone(provider)));
    }
    Ok(config)
}

/// What a registry's host asks for: the system's certificates, and those that the engine
/// is told to trust for it (`/etc/docker/certs.d`).
pub(crate) fn of_registry(host: &str) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    add_system(&mut roots);
    let folder = Path::new("/etc/docker/certs.d").join(host);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    for file in files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "crt"))
    {
        add(&mut roots, file)?;
    }
    let cert = files
        .iter()
        .find(|f| f.extension().is_some_and(|e| e == "cert"));
    let key = cert.map(|cert| cert.with_extension("key"));
    build(roots, cert.map(PathBuf::as_path).zip(key.as_deref()))
}

fn build(roots: RootCertStore, client: Option<(&Path, &Path)>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::failed("set up TLS", error))?
        .with_root_certificates(roots);
    let Some((cert, key)) = client else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = certificates(cert)?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| broken(key, &e))?;
    builder
        .with_client_auth_cert(chain, secret)
        .map_err(|e| broken(cert, &e))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|e| broken(file, &e))
}

fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), Error> {
    for certificate in certificates(file)? {
        roots.add(certificate).map_err(|e| broken(file, &e))?;
    }
    Ok(())
}

/// A certificate of the system that cannot be read is not trusted, and that is all.
fn add_system(roots: &mut RootCertStore) {
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
}

fn broken(file: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Configuration {
        source: file.display().to_string(),
        reason: error.to_string(),
    }
}

/// Accepts any certificate: `DOCKER_TLS` without `DOCKER_TLS_VERIFY` asks for that.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.0.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls12_signature(message, cert, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.0.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls13_signature(message, cert, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
