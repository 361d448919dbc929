//! The letter by which a campaign offers listings to an enterprise.

use super::attempt::{Item, Parcel};
use super::links::Link;
use super::passwords::secret;
use super::{Engine, EngineError};
use crate::document::{LetterItem, OfferLetter};
use crate::domain::{Campaign, EmailAddress, Listing, Message, MessageFields};
use crate::mail::Letter;

/// Most reasons for a listing: the strongest.
const REASONS: usize = 3;

impl Engine {
    /// The letter to an enterprise; sent again, it has the same name.
    pub(super) async fn offer_letter(
        &self,
        campaign: &Campaign,
        message: &Message,
        parcel: &Parcel,
        email: &EmailAddress,
    ) -> Result<Letter, EngineError> {
        let key = self.link_key().await?;
        let site = self.outside.site.as_deref().unwrap_or_default();
        let (number, place) = (message.campaign, message.place);
        let items = parcel.listings.iter().map(|Item { place: listing_place, listing, why }| {
            let link = Link::Listing { campaign: number, place, listing: *listing_place };
            LetterItem {
                title: listing.patent.title.clone(),
                facts: facts(listing),
                reasons: why.explanation.reasons.iter().take(REASONS).map(|reason| reason.text.clone()).collect(),
                link: format!("{site}/r/{}", link.written(&key)),
            }
        });
        let out = Link::OptOut { campaign: number, place }.written(&key);
        let nowhere = Link::Listing { campaign: number, place, listing: 0 }.written(&key);
        let fields = MessageFields {
            enterprise: &parcel.firm.name,
            listings: parcel.listings.len(),
            campaign: &campaign.brief.title,
        };
        let words = &campaign.brief.sending.message;
        let letter = OfferLetter {
            subject: fields.filled(&words.subject),
            opening: fields.filled(&words.opening),
            items: items.collect(),
            opt_out: format!("{site}/u/{out}"),
        };
        Ok(Letter {
            to: email.to_string(),
            text: letter.text(),
            html: Some(letter.html()),
            // The same whenever the letter is sent. Its signature is that of a link that leads nowhere: names stand in logs.
            name: Some(format!("{}.{}", message.delivery(), nowhere.rsplit('-').next().unwrap_or_default())),
            opt_out: Some(letter.opt_out),
            subject: letter.subject,
        })
    }

    /// What links in messages are signed with; made when first needed, and the same from then on.
    pub(super) async fn link_key(&self) -> Result<String, EngineError> {
        if let Some(key) = self.outside.link_key.get() {
            return Ok(key.clone());
        }
        let key = self.store.link_key(&secret()?).await?;
        Ok(self.outside.link_key.get_or_init(|| key).clone())
    }
}

fn facts(listing: &Listing) -> Vec<String> {
    let fee = listing.terms.as_ref().map_or_else(|| "未公布".to_owned(), |terms| terms.fee.describe());
    vec![format!("专利权人：{}", listing.patent.holders.join("、")), format!("许可使用费：{fee}")]
}
