//! What to go by when a licence is priced.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{ClassifyInput, Engine, EngineError, IndustryLink};
use crate::domain::{
    Date, Fee, IndustryCode, IndustryCodeError, IndustryFees, LicenceTerms, Money, Notice, TechnologyField, Territory,
};
use crate::ingest::{self, FeeError};
use crate::pricing::{ManyLicences, NationalFees, PeerFees, PriceHint, PriceLimits, hints, shared_by_many};
use crate::rank;
use crate::retrieve::Stream;

/// Longest text of a fee that is read.
const LONGEST_FEE: usize = 200;

/// A price in question, as it comes from outside; all of it may be missing.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceInput {
    /// The patent's technology field, 1 to 35; else that of its title and symbols.
    pub field: Option<u8>,
    /// 发明名称.
    #[serde(default)]
    pub title: String,
    /// IPC symbols, the main one first.
    #[serde(default)]
    pub ipc: Vec<String>,
    /// The industry to compare with (GB/T 4754-2017); else that of title and symbols.
    pub industry: Option<String>,
    /// 许可使用费支付方式, as on a listing: 一次总付, 提成支付 …
    #[serde(default)]
    pub fee_form: String,
    /// 许可使用费标准, as on a listing: 5万元/年, 净销售额的3% …
    #[serde(default)]
    pub fee: String,
    /// How long one licence runs, in months.
    pub months: Option<u16>,
    /// From where on a fixed fee is called high, in yuan over the whole licence; else as in the notice of 2024.
    pub fixed_limit: Option<u32>,
    /// The same of a royalty on sales, in per cent.
    pub sales_limit: Option<u8>,
    /// The same of a royalty on profit.
    pub profit_limit: Option<u8>,
}

/// Why no guidance is given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceRefusal {
    /// There are 35 fields.
    #[error("there is no technology field {number}: give one from 1 to 35")]
    Field {
        /// What was given.
        number: u8,
    },
    /// Not an industry.
    #[error(transparent)]
    Industry(#[from] IndustryCodeError),
    /// The fee cannot be read.
    #[error(transparent)]
    Fee(#[from] FeeError),
    /// A limit is no share.
    #[error("limits of royalties are from 0 to 100 per cent")]
    Limit,
    /// The fee is a text nobody would write.
    #[error("a fee has at most {LONGEST_FEE} characters")]
    TooLong,
}

impl Notice for PriceRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Field { number } => format!("没有编号为 {number} 的技术领域：应为 1 至 35"),
            Self::Industry(error) => error.chinese(),
            Self::Fee(error) => error.chinese(),
            Self::Limit => "提成比例的提示线应为 0 至 100（百分之几）".to_owned(),
            Self::TooLong => format!("费用至多 {LONGEST_FEE} 字"),
        }
    }
}

/// What stands beside a price.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PriceGuidance {
    /// The fee as it was understood; `None` if none was given.
    pub fee: Option<Fee>,
    /// The same in one phrase.
    pub fee_text: Option<String>,
    /// What of it is certain to be paid in a year, spread over the licence.
    pub yearly: Option<Money>,
    /// Whole years of one licence.
    pub years: u32,
    /// The technology field that is compared with.
    pub field: Option<TechnologyField>,
    /// Its name.
    pub field_name: Option<&'static str>,
    /// What its listings on offer here ask.
    pub peers: Option<PeerFees>,
    /// What licences of the patent's industry cost by the tables the bureau has imported, the latest first: of the industry
    /// itself, else of the narrowest one around it that a table has.
    pub industry_fees: Vec<IndustryFees>,
    /// That industry's name.
    pub industry_name: Option<&'static str>,
    /// What contracts recorded in China cost.
    pub national: &'static [NationalFees],
    /// What licensees would pay each so that together they bring in what one contract brings a patent on average, by the
    /// latest of these figures.
    pub shared: Vec<ManyLicences>,
    /// What to look at again.
    pub hints: Vec<PriceHint>,
}

impl Engine {
    /// What to go by for a price, as of `today`.
    ///
    /// # Errors
    /// [`EngineError::Price`] if the price cannot be read, [`EngineError::Refused`] if title or symbols cannot; what
    /// classifying and reading the catalogue fail with.
    pub async fn price_guidance(&self, input: PriceInput, today: Date) -> Result<PriceGuidance, EngineError> {
        let limits = limits(&input)?;
        let asked =
            input.industry.as_deref().map(str::parse::<IndustryCode>).transpose().map_err(PriceRefusal::from)?;
        let (field, likely) = self.technology_in_question(&input)?;
        let industry_fees = self.fees_around(asked.or(likely)).await?;
        let terms = terms(&input)?;
        let peers = match field {
            Some(field) => Some(self.peer_fees(field, today).await?),
            None => None,
        };
        let national = NationalFees::all();
        Ok(PriceGuidance {
            fee_text: terms.as_ref().map(|terms| terms.fee.describe()),
            yearly: terms.as_ref().and_then(|terms| terms.fee.fixed_cost_per_year(terms.years())),
            years: terms.as_ref().map_or_else(|| terms_of(Fee::Free, input.months).years(), LicenceTerms::years),
            field,
            field_name: field.map(TechnologyField::name),
            hints: terms.as_ref().map_or_else(Vec::new, |terms| hints(terms, peers.as_ref(), &limits)),
            peers,
            industry_name: industry_fees.first().map(|fees| fees.industry.name()),
            industry_fees,
            shared: national.last().map_or_else(Vec::new, |last| shared_by_many(last.fixed_mean_per_patent())),
            national,
            fee: terms.map(|terms| terms.fee),
        })
    }

    /// All imported tables of what licences of industries cost, by industry, the latest first.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn industry_fees(&self) -> Result<Vec<IndustryFees>, EngineError> {
        Ok(self.store.industry_fees(&[]).await?)
    }

    /// The field to compare with, and the likeliest industry.
    fn technology_in_question(
        &self,
        input: &PriceInput,
    ) -> Result<(Option<TechnologyField>, Option<IndustryCode>), EngineError> {
        let given = match input.field {
            Some(number) => Some(TechnologyField::from_number(number).ok_or(PriceRefusal::Field { number })?),
            None => None,
        };
        if input.title.trim().is_empty() && input.ipc.is_empty() {
            return Ok((given, None));
        }
        let text = ClassifyInput { title: input.title.clone(), ipc: input.ipc.clone(), ..ClassifyInput::default() };
        let technology = tokio::task::block_in_place(|| self.classify(text))?;
        // Of the narrowest codes the weightiest: all lead up to the same tables.
        let weightier =
            |a: &&IndustryLink, b: &&IndustryLink| a.code.len().cmp(&b.code.len()).then(a.weight.total_cmp(&b.weight));
        let likeliest = technology.industries.iter().max_by(weightier);
        Ok((given.or(technology.field), likeliest.and_then(|link| link.code.parse().ok())))
    }

    /// The figures of an industry, else of the narrowest one around it that has any.
    async fn fees_around(&self, industry: Option<IndustryCode>) -> Result<Vec<IndustryFees>, EngineError> {
        let around: Vec<IndustryCode> = std::iter::successors(industry, IndustryCode::parent).collect();
        if around.is_empty() {
            return Ok(Vec::new());
        }
        let codes: Vec<&str> = around.iter().map(IndustryCode::as_str).collect();
        let mut known = self.store.industry_fees(&codes).await?;
        let narrowest = around.iter().find(|code| known.iter().any(|fees| fees.industry == **code));
        known.retain(|fees| Some(&fees.industry) == narrowest);
        Ok(known)
    }

    async fn peer_fees(&self, field: TechnologyField, today: Date) -> Result<PeerFees, EngineError> {
        let catalogue = self.matching().await?;
        let of_field = catalogue.matrix.having(Stream::Field, &field.number().to_string());
        let mut yearly = Vec::new();
        catalogue.matrix.visit_among(&of_field, |_, offer| {
            if rank::on_offer(offer, today).is_ok() {
                yearly.push(offer.cost_per_year());
            }
        });
        Ok(PeerFees::of(yearly))
    }
}

fn limits(input: &PriceInput) -> Result<PriceLimits, PriceRefusal> {
    let (fixed, sales, profit) = PriceLimits::NOTICE;
    let limits = PriceLimits::of(
        input.fixed_limit.unwrap_or(fixed),
        input.sales_limit.unwrap_or(sales),
        input.profit_limit.unwrap_or(profit),
    );
    limits.ok_or(PriceRefusal::Limit)
}

fn terms(input: &PriceInput) -> Result<Option<LicenceTerms>, PriceRefusal> {
    if input.fee_form.trim().is_empty() && input.fee.trim().is_empty() {
        return Ok(None);
    }
    if [&input.fee_form, &input.fee].into_iter().any(|text| text.chars().count() > LONGEST_FEE) {
        return Err(PriceRefusal::TooLong);
    }
    Ok(Some(terms_of(ingest::read_fee(&input.fee_form, &input.fee)?, input.months)))
}

fn terms_of(fee: Fee, months: Option<u16>) -> LicenceTerms {
    LicenceTerms { fee, months, ends_on: None, territory: Territory::Nationwide, contact: None }
}
