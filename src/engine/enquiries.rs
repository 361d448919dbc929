//! Enquiries: an enterprise asks, a holder answers.

use super::{Engine, EngineError};
use crate::domain::{Actor, AuditEntry, Enquiry, EnquiryRefusal, EnterpriseId, FeedbackKind, Moment, enquiry_text};
use crate::store::Party;

impl Engine {
    /// An enterprise asks about a listing that is on offer.
    ///
    /// # Errors
    /// [`EngineError::UnknownListing`] for one that is not, [`EngineError::Enquiry`] for a question that is none.
    pub async fn enquire(
        &self,
        listing: &str,
        enterprise: &EnterpriseId,
        text: &str,
        actor: &Actor,
        at: Moment,
    ) -> Result<Enquiry, EngineError> {
        let text = enquiry_text(text)?;
        let lock = self.writing().await?;
        let listing = self.listing(listing, at.today).await?;
        let unknown = || EngineError::UnknownEnterprise { text: enterprise.to_string() };
        let firm = self.store.enterprise(enterprise).await?.ok_or_else(unknown)?;
        let enquiry = Enquiry {
            number: 0,
            listing: listing.id,
            title: listing.patent.title,
            holders: listing.patent.holders,
            enterprise: firm.id,
            name: firm.name,
            text,
            asked_at: at.now,
            answer: None,
        };
        let kept = |number| entry(number, "enquire", None, "open", actor, at);
        let number = self.store.add_enquiry(&lock, &enquiry, kept).await?;
        drop(lock);
        self.attribute(&enquiry.enterprise, &enquiry.listing, FeedbackKind::Enquired, at.now).await;
        Ok(Enquiry { number, ..enquiry })
    }

    /// A holder answers.
    ///
    /// # Errors
    /// [`EngineError::Enquiry`] for an enquiry that is not the holder's, is answered, or an answer that is none.
    pub async fn answer_enquiry(
        &self,
        number: i64,
        text: &str,
        actor: &Actor,
        at: Moment,
    ) -> Result<Enquiry, EngineError> {
        let lock = self.writing().await?;
        let answered = self.enquiry(number).await?.answered(text, actor, at)?;
        let kept = entry(number, "answer", Some("open"), "answered", actor, at);
        self.store.change_enquiry(&lock, &answered, kept).await?;
        Ok(answered)
    }

    /// The enquiry of a number.
    ///
    /// # Errors
    /// [`EnquiryRefusal::Unknown`] if there is none.
    pub async fn enquiry(&self, number: i64) -> Result<Enquiry, EngineError> {
        Ok(self.store.enquiry(number).await?.ok_or(EnquiryRefusal::Unknown { number })?)
    }

    /// At most `limit` enquiries of a party behind a number, in their order.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn enquiries(&self, party: &Party, after: i64, limit: usize) -> Result<Vec<Enquiry>, EngineError> {
        Ok(self.store.enquiries(party, after, limit).await?)
    }
}

/// What the trail keeps: who asked whom when; the words stay with the parties.
fn entry(number: i64, action: &str, before: Option<&str>, after: &str, actor: &Actor, at: Moment) -> AuditEntry {
    AuditEntry::step(("enquiry", number), action, (before, after), actor, at.now)
}
