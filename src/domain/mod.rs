//! The nouns of the trade: what a listing, a licence term, an enterprise and a recommendation are.
//!
//! A value of these types cannot exist in a wrong state: identifiers carry their checks, money is whole fen, and the
//! reference tables (35 fields, IPC, GB/T 4754, divisions) are embedded. No I/O, no clock, no randomness here.
//!
//! Not done here: reading files (`ingest`), keeping them (`store`), any formula of matching (`rank`).

mod account;
mod actor;
mod application_number;
mod audit;
mod caller;
mod campaign;
mod campaign_brief;
mod campaign_refusal;
mod candidate;
mod class_balance;
mod classified_text;
mod credit_code;
mod date;
mod delivery_refusal;
mod demand;
mod dispute;
mod division;
mod emerging_industry;
mod enquiry;
mod enterprise;
mod enterprise_name;
mod feedback;
mod feedback_id;
mod feedback_refusal;
mod holder_key;
mod incentive;
mod industry;
mod industry_evidence;
mod industry_fees;
mod ipc;
mod ipc_pattern;
mod learnt;
mod licence;
mod licence_step;
mod licence_terms;
mod life_refusal;
mod listing;
mod listing_life;
mod location;
mod meaning;
mod money;
mod notice;
mod offer;
mod part_gain;
mod patent;
mod profile;
mod publication_number;
mod push_wish;
mod recommendation;
mod role;
mod saved_search;
mod technology_field;
mod verification;

pub use account::{Account, AccountRefusal, AccountState, AccountVerb};
pub use actor::{Actor, ActorKind};
pub use application_number::{ApplicationNumber, ApplicationNumberError, NumberKey, PatentKind};
pub use audit::AuditEntry;
pub use caller::{AccessRefusal, Caller, other_province, place_of};
pub use campaign::{
    Campaign, CampaignPlan, CampaignState, CampaignVerb, ExposureStep, Outcome, OutcomeCount, PlannedFirm, UnmetCause,
    UnmetLimit,
};
pub use campaign_brief::{Audience, CampaignBrief, CampaignCatalogue, CampaignLimits, Frequency};
pub use campaign_refusal::CampaignRefusal;
pub use candidate::{Candidate, Evidence, EvidenceKind};
pub use class_balance::ClassBalance;
pub use classified_text::{ClassifiedText, LabelKind, LabelKindError};
pub use credit_code::{CreditCode, CreditCodeError};
pub use date::{Date, DateError};
pub use delivery_refusal::DeliveryRefusal;
pub use demand::{Demand, DemandRefusal, MOST_OPEN, PublicDemand, demand_text};
pub use dispute::{Dispute, DisputeEntry, DisputeStage};
pub use division::{DivisionCode, DivisionError};
pub use emerging_industry::EmergingIndustry;
pub use enquiry::{Answer, Enquiry, EnquiryRefusal, enquiry_text};
pub use enterprise::{Enterprise, EnterpriseId, EnterpriseScale, Need, OwnPatent};
pub use enterprise_name::normalised_name;
pub use feedback::{DeclineCode, Delivery, FeedbackEvent, FeedbackKind};
pub use feedback_id::{DeliveryId, EventId};
pub use feedback_refusal::FeedbackRefusal;
pub use holder_key::HolderKey;
pub use incentive::{Claim, ClaimDecision, ClaimFlag, claim_flags};
pub use industry::{IndustryCode, IndustryCodeError, IndustryLevel};
pub use industry_evidence::{ClassNote, IndustryPair, IndustryRule};
pub use industry_fees::IndustryFees;
pub use ipc::{IpcCode, IpcError, IpcLevel};
pub use ipc_pattern::{IpcPattern, IpcPatternError};
pub use learnt::{LearntInterest, LearntListing, Lesson};
pub use licence::{Licence, LicenceState, Licensee, Proof};
pub use licence_step::{LicenceRefusal, LicenceStep, LicenceVerb};
pub use licence_terms::{Fee, LicenceTerms, Rate, RateError, RoyaltyBase};
pub use life_refusal::LifeRefusal;
pub use listing::{HolderKind, Listing, ListingId, ListingIdError, ListingStatus};
pub use listing_life::{Life, LifeStep, LifeVerb, Moment};
pub use location::{Location, Territory};
pub use meaning::Meaning;
pub use money::{Money, MoneyError};
pub use notice::{Language, Notice};
pub use offer::Offer;
pub use part_gain::{Beside, PartGain};
pub use patent::{Patent, PredictedTechnology};
pub use profile::{EnterpriseProfile, LikelySubclass, ProfilePart, ProfileTerm};
pub use publication_number::{PublicationNumber, PublicationNumberError};
pub use push_wish::PushWish;
pub use recommendation::{Explanation, Reason, ReasonKind, Recommendation, Score};
pub use role::{Permission, Role};
pub use saved_search::{MOST_SAVED, SavedSearch, SavedSearchRefusal};
pub use technology_field::TechnologyField;
pub use verification::{Check, CheckKind, Worksheet};
