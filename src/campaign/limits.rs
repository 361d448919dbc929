//! What may be assigned at most, and should be at least.

/// A listing that a firm could be sent, and what that is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The listing, by number.
    pub listing: u32,
    /// What it is worth to send it: above 0, finite. Sums are compared, so that all are in one unit.
    pub value: f64,
}

/// The limits of a campaign. Firms, listings, holders and regions are numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most listings for each firm: its places, less what it was sent lately.
    pub places: Vec<usize>,
    /// Most firms for each listing; `usize::MAX` for any number.
    pub most: Vec<usize>,
    /// Firms that each listing should be sent to at least.
    pub least: Vec<usize>,
    /// Whose each listing is.
    pub holder: Vec<u32>,
    /// Most listings sent of each holder, all firms together; `usize::MAX` for any number.
    pub holder_most: Vec<usize>,
    /// Where each firm sits.
    pub region: Vec<u32>,
    /// Most listings sent to each region, all its firms together; `usize::MAX` for any number.
    pub region_most: Vec<usize>,
}

impl Limits {
    /// So many places for each firm, and nothing else that limits.
    #[must_use]
    pub fn of_places(firms: usize, listings: usize, places: usize) -> Self {
        Self {
            places: vec![places; firms],
            most: vec![usize::MAX; listings],
            least: vec![0; listings],
            holder: vec![0; listings],
            holder_most: vec![usize::MAX],
            region: vec![0; firms],
            region_most: vec![usize::MAX],
        }
    }

    pub(super) fn holder_of(&self, listing: u32) -> usize {
        self.holder[listing as usize] as usize
    }

    pub(super) fn region_of(&self, firm: usize) -> usize {
        self.region[firm] as usize
    }

    /// Whether every firm, listing, holder and region that is named has its limits.
    pub(super) fn fit(&self, pools: &[Vec<Pair>]) -> bool {
        let listings = self.most.len();
        self.places.len() == pools.len()
            && self.region.len() == pools.len()
            && self.least.len() == listings
            && self.holder.len() == listings
            && self.holder.iter().all(|holder| (*holder as usize) < self.holder_most.len())
            && self.region.iter().all(|region| (*region as usize) < self.region_most.len())
            && pools.iter().flatten().all(|pair| (pair.listing as usize) < listings)
            && pools.iter().flatten().all(|pair| pair.value > 0.0 && pair.value.is_finite())
    }
}
