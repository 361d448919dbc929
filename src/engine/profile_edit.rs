//! An enterprise's record as it writes it itself.

use serde_json::{Map, Value};

use super::refused_rows::RefusedRows;
use super::{Engine, EngineError};
use crate::domain::{Enterprise, EnterpriseId, Listing, ListingStatus, OwnPatent};
use crate::ingest;

impl Engine {
    /// Puts what an object says, with the members a file of enterprises has columns, in the place of all that was known
    /// of an enterprise but its name and code. Files fill gaps; the enterprise itself may also take things back.
    ///
    /// # Errors
    /// [`EngineError::Rows`] with everything that cannot be read; then nothing is changed. [`EngineError::UnknownEnterprise`]
    /// if there is none.
    pub async fn edit_enterprise(
        &self,
        id: &EnterpriseId,
        mut object: Map<String, Value>,
    ) -> Result<Enterprise, EngineError> {
        let lock = self.writing().await?;
        let unknown = || EngineError::UnknownEnterprise { text: id.to_string() };
        let known = self.store.enterprise(id).await?.ok_or_else(unknown)?;
        object.insert("name".to_owned(), Value::String(known.name.clone()));
        let (mut row, members) = ingest::enterprise_of(object);
        // A file's row is worth having without a budget that cannot be read; here somebody is there to mend it.
        if !row.warnings.is_empty() {
            row.outcome = Err([row.outcome.err().unwrap_or_default(), row.warnings.clone()].concat());
        }
        let given = RefusedRows::or_taken((row, members))?;
        let mut edited = Enterprise { id: known.id, name: known.name, credit_code: known.credit_code, ..given };
        for own in &mut edited.own_patents {
            self.describe(own).await?;
        }
        self.store.replace_enterprise(&lock, &edited).await?;
        Ok(edited)
    }
    /// A patent named by its number alone says what it is about where the catalogue has it.
    async fn describe(&self, own: &mut OwnPatent) -> Result<(), EngineError> {
        let Some(number) = own.application_number.as_ref().filter(|_| own.title.is_empty()) else { return Ok(()) };
        // That something is being handed in is nobody else's business.
        let public = |listing: &Listing| listing.status == ListingStatus::Published;
        if let Some(listing) = self.by_number(number.as_str().to_owned()).await?.filter(public) {
            own.title = listing.patent.title;
            own.ipc = listing.patent.ipc;
        }
        Ok(())
    }
}
