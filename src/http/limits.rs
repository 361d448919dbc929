//! How often one address may ask.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Access;

/// Attempts to sign in or up in a minute: a person needs fewer, a guesser more.
const ATTEMPTS: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Addresses remembered before those that have been quiet are forgotten.
const REMEMBERED: usize = 10_000;

/// What every address has left.
pub(super) struct Limits {
    attempts: DefaultKeyedRateLimiter<String>,
    requests: Option<DefaultKeyedRateLimiter<String>>,
}

impl Limits {
    /// With so many requests a minute for each address; none is no limit.
    pub(super) fn new(requests_a_minute: Option<NonZeroU32>) -> Self {
        let requests = requests_a_minute.map(|most| RateLimiter::keyed(Quota::per_minute(most)));
        Self { attempts: RateLimiter::keyed(Quota::per_minute(ATTEMPTS)), requests }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The seconds to wait before the next, where there were too many.
    pub(super) fn admit(&self, origin: &String, access: Access) -> Result<(), u64> {
        let attempts = (access == Access::Newcomer).then_some(&self.attempts);
        // What asks from the machine itself is its operator's, or a proxy that holds its clients to limits itself.
        let is_here = origin.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let requests = self.requests.as_ref().filter(|_| !is_here);
        attempts.into_iter().chain(requests).try_for_each(|limiter| {
            if limiter.len() > REMEMBERED {
                limiter.retain_recent();
            }
            let wait = |until: governor::NotUntil<_>| until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            limiter.check_key(origin).map_err(wait)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_and_nobody_else() {
        let limits = Limits::new(NonZeroU32::new(1_000));
        let guess = |origin: &str| limits.admit(&origin.to_owned(), Access::Newcomer);
        assert_eq!((0..10).filter(|_| guess("192.0.2.1").is_ok()).count(), 10);
        let wait = guess("192.0.2.1").unwrap_err();
        assert!((1..=7).contains(&wait), "{wait}");
        assert_eq!(guess("192.0.2.2"), Ok(()));
        assert_eq!(limits.admit(&"192.0.2.1".to_owned(), Access::Anyone), Ok(()));
    }

    #[test]
    fn the_machine_itself_may_ask_as_often_as_it_likes_but_not_guess() {
        let limits = Limits::new(NonZeroU32::new(5));
        let ask = |access| (0..11).filter(|_| limits.admit(&"::1".to_owned(), access).is_ok()).count();
        assert_eq!((ask(Access::Anyone), ask(Access::Newcomer)), (11, 10));
        let elsewhere = (0..11).filter(|_| limits.admit(&"192.0.2.1".to_owned(), Access::Anyone).is_ok()).count();
        assert_eq!(elsewhere, 5);
    }
}
