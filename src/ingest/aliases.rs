//! The names each column has on the forms of the provinces, in gazettes and in company lists.
//!
//! The first name is the usual one and stands in messages. An earlier name wins where a file has several columns for
//! one field. Names are written as [`fold_name`](super::columns::fold_name) leaves them: lower case, without blanks
//! and bracketed notes. Source of the provincial names: column names of thirteen open-licence platforms in 2022-23.

use super::columns::{Field, Mapping, Schema};

type Aliases = &'static [(Field, &'static [&'static str])];

/// Columns of a listing and of a plain patent.
///
/// 湖南 calls the patent number `ipc`: a value of the IPC column that is an application number is taken as one.
const LISTING: Aliases = &[
    (
        Field::ApplicationNumber,
        &[
            "专利号",
            "申请号",
            "专利申请号",
            "zlnum",
            "patent_sn",
            "zlh",
            "appnumber",
            "zlxkcode",
            "zlbh",
            "patentnum",
            "patent_number",
            "patent_id",
            "app_no",
            "application_number",
            "application_no",
        ],
    ),
    (
        Field::PublicationNumber,
        &["授权公告号", "公告号", "公开号", "公开公告号", "pub_no", "publication_number", "grant_number"],
    ),
    (Field::Title, &["发明名称", "专利名称", "名称", "标题", "title", "patent_name", "zlmc"]),
    (
        Field::Kind,
        &["专利类型", "patent_type", "penterclassname", "type_name", "fbzllx", "zllx_note", "spare1", "type", "kind"],
    ),
    (
        Field::Holders,
        &[
            "专利权人",
            "专利权人名称",
            "申请人",
            "applicant",
            "assignee",
            "patent_owner",
            "patentee",
            "patent_user",
            "apply_user",
            "zlqr",
            "assigneelist",
            "cydw",
            "zlxxuser",
            "company",
        ],
    ),
    (
        Field::HolderKind,
        &["专利权人类型", "专利权人性质", "patent_owner_type", "tjzlx", "righttype", "zlqrxz", "zlxxusertype"],
    ),
    (Field::IpcMain, &["主分类号", "ipc主分类号", "ipc_main"]),
    (Field::Ipc, &["ipc分类号", "ipc", "分类号", "国际专利分类号"]),
    (Field::IpcSubclass, &["ipc小类", "ipc_subclass"]),
    (Field::Abstract, &["摘要", "abstract"]),
    (Field::Claim, &["主权利要求", "独立权利要求", "claim_main", "claim_indep", "claim"]),
    (Field::FiledOn, &["申请日", "申请日期", "app_date", "application_date"]),
    (
        Field::PublishedOn,
        &["授权公告日", "授权日", "pub_date", "公开日", "公开公告日", "publication_date", "grant_date"],
    ),
    (Field::FeeForm, &["许可使用费支付方式", "支付方式", "许可费支付方式", "zlfzffs", "xkfyjson", "license_fee_type"]),
    (
        Field::FeeStandard,
        &[
            "许可使用费标准",
            "许可使用费",
            "许可费用",
            "许可费标准",
            "许可使用费标准说明",
            "收费标准",
            "license_fee",
            "licensefee",
            "license_fee_detail",
            "xksyfbzsm",
            "xkfybz",
            "spare2",
            "suggest_price",
            "price",
        ],
    ),
    (Field::LumpSum, &["一次性全额费用", "yczff_ycxqefy"]),
    (Field::Period, &["单次许可期限", "许可期限", "license_period", "license_time", "dcxkqx"]),
    (
        Field::EndsOn,
        &[
            "许可期限届满日",
            "许可声明届满日期",
            "license_deadline",
            "openendstr",
            "xkqxjmr",
            "licensetimeend",
            "xksmjmrq1",
            "zlxkdate",
        ],
    ),
    (
        Field::Territory,
        &["许可地域范围", "许可范围", "license_location", "license_scope", "licensearea", "xkdyfw_note", "zlxkarea"],
    ),
    (Field::Place, &["专利权人所在地", "所在地", "地址", "address", "region"]),
    (Field::Contact, &["联系方式", "联系人", "交易中心联系人", "联系电话", "contact"]),
    (
        Field::AnnouncedOn,
        &["公告日期", "公告时间", "生效日", "effective_date", "create_time", "createtime", "createdatestr"],
    ),
];

/// Columns of an enterprise.
const ENTERPRISE: Aliases = &[
    (Field::Name, &["企业名称", "full_name", "name", "公司名称", "单位名称"]),
    (Field::CreditCode, &["统一社会信用代码", "uscc", "credit_code", "社会信用代码"]),
    (Field::Business, &["经营范围", "主营业务", "企业简介", "business_scope", "business_scope_excerpt", "intro"]),
    (Field::Products, &["主要产品", "products", "product_items"]),
    (
        Field::Industries,
        &[
            "所属行业",
            "industry",
            "industries",
            "sw_l1",
            "sw_l2",
            "sw_l3",
            "sina_industry",
            "tech_field",
            "gbt_class_name",
        ],
    ),
    (Field::IndustryCode, &["行业代码", "gbt4754", "gbt_class"]),
    (Field::Concepts, &["概念", "concepts"]),
    (Field::Tags, &["资质", "企业资质", "tags"]),
    (Field::Needs, &["技术需求", "need", "needs"]),
    (Field::OwnPatents, &["自有专利", "own_patents"]),
    (Field::Scale, &["企业规模", "scale"]),
    (Field::Budget, &["许可费预算", "budget"]),
    (Field::Email, &["邮箱", "电子邮箱", "联系邮箱", "邮箱地址", "电子邮件", "email", "e-mail"]),
    (Field::Phone, &["联系电话", "电话", "手机", "联系方式", "phone", "tel"]),
    (Field::Place, &["所在地", "place"]),
    (Field::Province, &["省", "省份", "province", "province_inferred"]),
    (Field::City, &["市", "城市", "city", "city_inferred"]),
    (Field::DivisionCode, &["行政区划代码", "city_code_inferred", "province_code_inferred"]),
];

const LISTING_NOT_KEPT: &[&str] = &[
    // Written by ourselves, beside what is wrong.
    "问题",
    "id",
    "prjid",
    "序号",
    "编号",
    "locarno",
    "sources",
    "licensetimestart",
    "legal_status",
    "legal_event",
    "expiry_date",
    "法律状态",
    "备注",
];

const ENTERPRISE_NOT_KEPT: &[&str] = &[
    // Written by ourselves, beside what is wrong.
    "问题",
    "id",
    "序号",
    "编号",
    "备注",
    "stock_code",
    "short_name",
    "exchange",
    "listed_on",
    "sw_code",
    "established",
    "founded",
    "source",
    "sources",
    "intro_src",
];

/// Open licences: what 试点方案 三.1.3 asks of a listing; 许可期限 and 联系方式 are only warned about.
pub(super) static LISTINGS: Schema = Schema {
    aliases: &[LISTING],
    not_kept: LISTING_NOT_KEPT,
    required: &[
        &[Field::ApplicationNumber, Field::Ipc],
        &[Field::Title],
        &[Field::Holders],
        &[Field::FeeStandard, Field::FeeForm, Field::LumpSum],
    ],
    mapping: Mapping::NONE,
};

/// Plain patents; `id` names the listing when the file has it, `key` when it has no number.
pub(super) static PATENTS: Schema = Schema {
    aliases: &[LISTING, &[(Field::Id, &["id"]), (Field::Key, &["key"])]],
    not_kept: LISTING_NOT_KEPT,
    required: &[&[Field::Title], &[Field::ApplicationNumber, Field::PublicationNumber, Field::Id, Field::Key]],
    mapping: Mapping::NONE,
};

/// Texts to classify, or to learn classes from; a title or an abstract will do.
pub(super) static TEXTS: Schema = Schema {
    aliases: &[LISTING, &[(Field::Id, &["id"]), (Field::Key, &["key"]), (Field::Label, &["label", "标签", "类别"])]],
    not_kept: LISTING_NOT_KEPT,
    required: &[&[Field::Title, Field::Abstract]],
    mapping: Mapping::NONE,
};

/// Enterprises.
pub(super) static ENTERPRISES: Schema = Schema {
    aliases: &[ENTERPRISE],
    not_kept: ENTERPRISE_NOT_KEPT,
    required: &[&[Field::Name]],
    mapping: Mapping::NONE,
};

/// Queries of a judged set: enterprises named by the set's own `id`.
pub(super) static QUERIES: Schema = Schema {
    aliases: &[ENTERPRISE, &[(Field::Id, &["id"])]],
    not_kept: ENTERPRISE_NOT_KEPT,
    required: &[&[Field::Id]],
    mapping: Mapping::NONE,
};

/// Patents whose industries are known.
pub(super) static INDUSTRY_PAIRS: Schema = Schema {
    aliases: &[&[
        (Field::Title, &["发明名称", "专利名称", "title"]),
        (Field::Family, &["同族", "family", "公开公告号", "pub_no"]),
        (Field::IpcMain, &["主分类号", "ipc_main"]),
        (Field::Ipc, &["ipc分类号", "ipc", "分类号"]),
        (Field::IndustryCode, &["行业代码", "国民经济行业代码", "nic", "gbt4754"]),
    ]],
    not_kept: &[],
    required: &[&[Field::Ipc], &[Field::IndustryCode]],
    mapping: Mapping::NONE,
};

/// Lines of a concordance from the IPC to GB/T 4754.
pub(super) static INDUSTRY_RULES: Schema = Schema {
    aliases: &[&[
        (Field::Pattern, &["ipc_pattern", "ipc范围", "国际专利分类"]),
        (Field::Exclusions, &["exclusions", "排除"]),
        (Field::IndustryCode, &["gbt4754_code", "行业代码", "国民经济行业代码"]),
    ]],
    not_kept: &[],
    required: &[&[Field::Pattern], &[Field::IndustryCode]],
    mapping: Mapping::NONE,
};

/// What a classification says of its classes.
pub(super) static CLASS_NOTES: Schema = Schema {
    aliases: &[&[
        (Field::ClassCode, &["code", "代码", "分类号"]),
        (Field::ClassText, &["title_zh", "remark", "类名", "说明"]),
    ]],
    not_kept: &[],
    required: &[&[Field::ClassCode], &[Field::ClassText]],
    mapping: Mapping::NONE,
};

/// What firms did with listings they were shown.
pub(super) static FEEDBACK: Schema = Schema {
    aliases: &[&[
        (Field::EventId, &["event", "event_id", "id", "事件编号"]),
        (Field::Delivery, &["delivery", "delivery_id", "推送编号"]),
        (Field::Listing, &["listing", "listing_id", "许可信息编号"]),
        (Field::Feedback, &["kind", "行为"]),
        (Field::DeclineCode, &["code", "decline_code", "拒绝原因"]),
        (Field::HappenedAt, &["at", "happened_at", "时间"]),
    ]],
    not_kept: &["备注"],
    required: &[&[Field::EventId], &[Field::Delivery], &[Field::Listing], &[Field::Feedback], &[Field::HappenedAt]],
    mapping: Mapping::NONE,
};

/// What licences of an industry cost.
pub(super) static INDUSTRY_FEES: Schema = Schema {
    aliases: &[&[
        (Field::IndustryCode, &["行业代码", "国民经济行业代码", "gbt4754", "industry"]),
        (Field::Year, &["年份", "年度", "统计年度", "year"]),
        (Field::Contracts, &["合同数", "合同数量", "合同份数", "样本数", "n", "contracts"]),
        (Field::FixedMean, &["平均固定费用", "平均许可费", "平均许可使用费", "固定费用均值", "fixed_mean"]),
        (Field::RoyaltyMean, &["平均提成率", "平均提成比例", "提成率", "royalty_mean"]),
        (Field::RoyaltyBase, &["提成基数", "提成依据", "royalty_base"]),
        (Field::Source, &["来源", "数据来源", "source"]),
    ]],
    // The name follows from the code; the column of problems is written by ourselves.
    not_kept: &["行业名称", "行业", "备注", "序号", "问题"],
    required: &[
        &[Field::IndustryCode],
        &[Field::Year],
        &[Field::Contracts],
        &[Field::FixedMean, Field::RoyaltyMean],
        &[Field::Source],
    ],
    mapping: Mapping::NONE,
};
