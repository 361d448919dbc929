//! Signing in through a provider that the bureau has already (OpenID Connect, authorisation code with PKCE).
//!
//! In comes what a browser was sent back with, out comes what the provider calls who signed in.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse, reqwest,
};
use thiserror::Error;
use tokio::sync::Mutex;

/// Longest the provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Why nobody could be signed in through the provider.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignOnError {
    /// A setting is no address.
    #[error("'{what}' is no address of a provider (https://…), or of this site")]
    Address {
        /// Which.
        what: String,
    },
    /// The provider cannot be reached, or does not describe itself.
    #[error("the provider does not answer: {what}")]
    Provider {
        /// What it fails with.
        what: String,
    },
    /// It did not give, or vouch for, an identity.
    #[error("the provider does not confirm the sign-on: {what}")]
    Refused {
        /// What it fails with.
        what: String,
    },
}

/// Who to ask, as whom, and where to come back to.
#[derive(Clone)]
pub struct ProviderSettings {
    /// The provider's issuer address: its description is at `/.well-known/openid-configuration` below it.
    pub issuer: String,
    /// What it knows this site as.
    pub client: String,
    /// What proves it; none for a public client.
    pub secret: Option<String>,
    /// Where it sends browsers back to.
    pub redirect: String,
}

/// What a browser carries from its start to its return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Comes back in the address, to show that the return belongs to this start.
    pub state: String,
    /// Comes back in the identity.
    pub nonce: String,
    /// Proves that who redeems the code is who began.
    pub verifier: String,
}

/// A provider, described by itself when first asked.
pub struct Provider {
    settings: ProviderSettings,
    http: reqwest::Client,
    client: Mutex<Option<Arc<Client>>>,
}

impl Provider {
    /// A provider by its settings; it is not asked yet.
    ///
    /// # Errors
    /// [`SignOnError::Address`] for what is none.
    pub fn new(settings: ProviderSettings) -> Result<Self, SignOnError> {
        let wrong = |what: &String| SignOnError::Address { what: what.clone() };
        IssuerUrl::new(settings.issuer.clone()).map_err(|_| wrong(&settings.issuer))?;
        RedirectUrl::new(settings.redirect.clone()).map_err(|_| wrong(&settings.redirect))?;
        // Where it redirects to is not followed: it could be made to ask inside our network.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build();
        let http = http.map_err(|error| SignOnError::Provider { what: error.to_string() })?;
        Ok(Self { settings, http, client: Mutex::new(None) })
    }

    /// Where to send a browser, and what it has to bring back.
    ///
    /// # Errors
    /// [`SignOnError::Provider`] if it cannot be asked.
    pub async fn begin(&self) -> Result<(String, Pending), SignOnError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let client = self.client().await?;
        let (url, state, nonce) =
            client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random).set_pkce_challenge(challenge).url();
        let pending =
            Pending { state: state.secret().clone(), nonce: nonce.secret().clone(), verifier: verifier.into_secret() };
        Ok((url.to_string(), pending))
    }

    /// Redeems the code of a return: what the provider calls who signed in.
    ///
    /// # Errors
    /// [`SignOnError::Refused`] where it does not vouch for it, [`SignOnError::Provider`] if it cannot be asked.
    pub async fn finish(&self, code: String, pending: Pending) -> Result<String, SignOnError> {
        let refused = |what: &dyn std::fmt::Display| SignOnError::Refused { what: what.to_string() };
        let client = self.client().await?;
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| refused(&error))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(pending.verifier));
        let tokens = request.request_async(&self.http).await.map_err(|error| refused(&error))?;
        let token = tokens.id_token().ok_or_else(|| refused(&"no identity token"))?;
        match token.claims(&client.id_token_verifier(), &Nonce::new(pending.nonce)) {
            Ok(claims) => Ok(claims.subject().to_string()),
            Err(error) => {
                // Its keys may have changed: the next to sign in asks for them anew.
                *self.client.lock().await = None;
                Err(refused(&error))
            }
        }
    }

    async fn client(&self) -> Result<Arc<Client>, SignOnError> {
        let mut known = self.client.lock().await;
        if let Some(client) = &*known {
            return Ok(Arc::clone(client));
        }
        let of = &self.settings;
        let failed = |error: &dyn std::fmt::Display| SignOnError::Provider { what: error.to_string() };
        let issuer = IssuerUrl::new(of.issuer.clone()).map_err(|error| failed(&error))?;
        let redirect = RedirectUrl::new(of.redirect.clone()).map_err(|error| failed(&error))?;
        let found = CoreProviderMetadata::discover_async(issuer, &self.http).await;
        let found = found.map_err(|error| failed(&error))?;
        let secret = of.secret.clone().map(ClientSecret::new);
        let client = CoreClient::from_provider_metadata(found, ClientId::new(of.client.clone()), secret);
        let client = Arc::new(client.set_redirect_uri(redirect));
        *known = Some(Arc::clone(&client));
        Ok(client)
    }
}
