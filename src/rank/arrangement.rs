//! Arrangement: the list that is shown, made of a ranking.
//!
//! Two steps. *Folding*: of listings of one holder whose texts are nearly the same, and of listings near the top whose
//! texts are the same whoever holds them, the best is shown and names the others. *Choosing*: the first [`PAGE`] places are filled one by one
//! out of the best [`WINDOW`], each with the listing of the greatest
//!
//! ```text
//! score / best score  −  variety · (similarity to the most similar one chosen)  −  balance · (distance of the list's classes from the profile's)
//! ```
//!
//! what is left follows as ranked. Scores and reasons are not touched; equal gains go to the better rank, ranks by
//! listing id. Nothing is lost: each listing of the ranking that is not shown is named by one that is, or stands behind the list's end.
//!
//! Source: Carbonell, Goldstein, *The use of MMR* (1998), for the second term; for the third see [`ClassBalance`].

use serde::Serialize;
use utoipa::ToSchema;

use super::{ListPolicy, RankError, Ranked, Traits};
use crate::domain::{ClassBalance, ListingId, Notice};

/// Places that are chosen one by one: what people look at.
pub const PAGE: usize = 20;
/// The best of the ranking that places are chosen from: what is kept of a list of [`PAGE`].
pub const WINDOW: usize = 40;
/// From which likeness on two texts are the same, whoever holds them.
const SAME: f64 = 0.98;

/// Why a listing does not stand where its score would put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moved {
    /// Up, because it is less like what stands above than a better one is.
    UpForVariety,
    /// Up, because the enterprise's field was too rare above.
    UpForBalance,
    /// Down, because it is like something above.
    DownForVariety,
    /// Down, because its field was frequent enough above.
    DownForBalance,
}

impl Notice for Moved {
    fn chinese(&self) -> String {
        match self {
            Self::UpForVariety => "与前面各件差别较大，位置提前",
            Self::UpForBalance => "所属领域在前面偏少，位置提前",
            Self::DownForVariety => "与前面的相近，位置后移",
            Self::DownForBalance => "所属领域在前面已足够，位置后移",
        }
        .to_owned()
    }
}

impl std::fmt::Display for Moved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UpForVariety => "moved up: less like those above",
            Self::UpForBalance => "moved up: its field is rare above",
            Self::DownForVariety => "moved down: like one above",
            Self::DownForBalance => "moved down: its field is frequent above",
        })
    }
}

/// A listing in its place of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Arranged {
    /// Score and parts, as ranked.
    pub ranked: Ranked,
    /// Its place in the ranking, from 1.
    pub rank: usize,
    /// Why it is not where its score would put it; `None` where only folding, or nothing, moved it.
    pub moved: Option<Moved>,
    /// What is nearly the same and not shown for that, by rank.
    pub folded: Vec<ListingId>,
}

/// The list of `limit` out of a ranking, best first, with the traits of each in the same order; `classes` are the
/// profile's likely classes with their weights.
///
/// If folding leaves fewer than `limit`, folded ones come back at the end, by rank, until it is reached: a list is as long as
/// the ranking allows. Folding compares each listing with those of its holders, choosing looks at [`PAGE`] times [`WINDOW`] pairs.
///
/// # Errors
/// [`RankError::Policy`] for a policy that [`ListPolicy::checked`] refuses.
pub fn arrange(
    ranking: Vec<Ranked>,
    traits: &[Traits<'_>],
    classes: impl Iterator<Item = (u32, f64)>,
    policy: &ListPolicy,
    limit: usize,
) -> Result<Vec<Arranged>, RankError> {
    policy.check()?;
    let none = Traits::default();
    let of = |place: usize| traits.get(place).unwrap_or(&none);
    let leaders = fold(ranking.len(), of, policy.fold);
    let mut shown: Vec<usize> = (0..ranking.len()).filter(|&place| leaders[place] == place).collect();
    let moved = choose(&mut shown, &ranking, of, ClassBalance::of(classes), policy, limit);
    shown.truncate(limit);
    let back = (0..ranking.len()).filter(|&place| leaders[place] != place).take(limit - shown.len());
    shown.extend(back);
    let mut lists: Vec<Vec<ListingId>> = vec![Vec::new(); ranking.len()];
    let mut is_shown = vec![false; ranking.len()];
    shown.iter().for_each(|&place| is_shown[place] = true);
    for (place, &leader) in leaders.iter().enumerate().filter(|(place, _)| !is_shown[*place]) {
        lists[leader].push(ranking[place].listing.clone());
    }
    // A leader behind the list's end is not among its own folded ones.
    lists.iter_mut().zip(&ranking).for_each(|(folded, leader)| folded.retain(|id| *id != leader.listing));
    let mut ranking: Vec<Option<Ranked>> = ranking.into_iter().map(Some).collect();
    let arranged = shown.into_iter().filter_map(|place| {
        let ranked = ranking[place].take()?;
        Some(Arranged { ranked, rank: place + 1, moved: moved[place], folded: std::mem::take(&mut lists[place]) })
    });
    Ok(arranged.collect())
}

/// For each place of a ranking the place it is folded under: its own where it stands for itself. A listing is compared
/// with those that stand for themselves only, so likeness does not creep along a chain.
fn fold<'a>(places: usize, of: impl Fn(usize) -> &'a Traits<'a>, from: f64) -> Vec<usize> {
    let mut leaders: Vec<usize> = Vec::with_capacity(places);
    for place in 0..places {
        let this = of(place);
        let twin = |&other: &usize| match of(other).share_a_holder(this) {
            true => this.likeness(of(other)) >= from,
            false => place < WINDOW && this.likeness(of(other)) >= SAME,
        };
        let found = (0..place).filter(|&other| from > 0.0 && leaders[other] == other).find(twin);
        leaders.push(found.unwrap_or(place));
    }
    leaders
}

/// Puts the best of the window on the first places, and says of each place of the ranking why it moved.
fn choose<'a>(
    shown: &mut [usize],
    ranking: &[Ranked],
    of: impl Fn(usize) -> &'a Traits<'a>,
    mut balance: ClassBalance<u32>,
    policy: &ListPolicy,
    limit: usize,
) -> Vec<Option<Moved>> {
    let mut moved = vec![None; ranking.len()];
    let best = ranking.first().map_or(0.0, |first| first.score.value());
    if best <= 0.0 || (policy.variety == 0.0 && policy.balance == 0.0) {
        return moved;
    }
    // By rank; of a longer ranking, those that a list of one page has too.
    let window = shown.partition_point(|&place| place < WINDOW);
    let shown = &mut shown[..window];
    let mut nearest = vec![0.0_f64; ranking.len()];
    for next in 0..shown.len().min(PAGE).min(limit) {
        let cost = |place: usize| {
            let balance =
                if policy.balance > 0.0 { policy.balance * balance.distance_with(of(place).classes) } else { 0.0 };
            (policy.variety * nearest[place], balance)
        };
        let gain = |place: usize| ranking[place].score.value() / best - cost(place).0 - cost(place).1;
        let gains: Vec<f64> = shown[next..].iter().map(|&place| gain(place)).collect();
        // The first of equals: the better rank.
        let chosen = (1..gains.len()).fold(0, |best, at| if gains[at] > gains[best] { at } else { best });
        let (first, taken) = (shown[next], shown[next + chosen]);
        if chosen > 0 {
            let (stays, goes) = (cost(first), cost(taken));
            let for_variety = stays.0 - goes.0 >= stays.1 - goes.1;
            let (up, down) = match for_variety {
                true => (Moved::UpForVariety, Moved::DownForVariety),
                false => (Moved::UpForBalance, Moved::DownForBalance),
            };
            moved[taken] = Some(up);
            shown[next..next + chosen].iter().for_each(|&passed| moved[passed] = moved[passed].or(Some(down)));
            shown[next..=next + chosen].rotate_right(1);
        }
        balance.add(of(taken).classes);
        for &place in &shown[next + 1..] {
            nearest[place] = nearest[place].max(of(taken).similarity(of(place)));
        }
    }
    settle(shown, &mut moved);
    moved
}

/// A listing that was passed over and went by another in turn may be back where it was: then it did not move.
fn settle(shown: &[usize], moved: &mut [Option<Moved>]) {
    let mut by_rank = shown.to_vec();
    by_rank.sort_unstable();
    let same = shown.iter().zip(&by_rank).filter(|(now, before)| now == before);
    same.for_each(|(&place, _)| moved[place] = None);
}
