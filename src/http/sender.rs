//! Sending what campaigns have due, for as long as the server runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;

use crate::domain::Moment;
use crate::engine::Engine;

/// How often the server looks whether anything is due.
const LOOK: Duration = Duration::from_millis(500);
/// How long it waits after something went wrong.
const WAIT: Duration = Duration::from_secs(2);

/// Sends until told to stop; what is under way then is finished, so that nothing is sent twice.
pub(super) async fn send(engine: Arc<Engine>, clock: fn() -> Moment, mut stopped: Receiver<bool>) {
    // Without anyone left to tell it, it has been told.
    while !*stopped.borrow() && stopped.has_changed().is_ok() {
        let pause = match engine.send_due(clock()).await {
            Ok(0) => LOOK,
            Ok(_) => continue,
            Err(error) => {
                tracing::warn!(%error, "cannot send what is due; another try in a moment");
                WAIT
            }
        };
        _ = tokio::time::timeout(pause, stopped.wait_for(|stopped| *stopped)).await;
    }
}
