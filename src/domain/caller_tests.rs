use super::*;
use crate::domain::{AccountState, ListingStatus, Location, Patent};

fn caller(role: Role, name: &str, province: Option<&str>) -> Caller {
    let account = Account {
        login: "login".into(),
        role,
        state: AccountState::Active,
        name: name.into(),
        enterprise: (role == Role::Enterprise).then(|| EnterpriseId::new(None, name)),
        province: province.map(|code| code.parse().unwrap()),
        created_at: 0,
    };
    Caller { account, scopes: None }
}

fn at(division: &str) -> Option<Location> {
    Some(Location { text: String::new(), division: Some(division.parse().unwrap()) })
}

fn listing(division: Option<&str>) -> Listing {
    let patent = Patent {
        application_number: None,
        publication_number: None,
        kind: None,
        title: "一种膜".into(),
        abstract_text: String::new(),
        claim: String::new(),
        ipc: Vec::new(),
        holders: vec!["样例大学".into(), "样例（江北）有限公司".into()],
        location: division.and_then(at),
        filed_on: None,
        published_on: None,
        predicted: None,
    };
    let (holder_kind, terms, announced_on) = (None, None, None);
    Listing { id: "L".parse().unwrap(), patent, holder_kind, terms, status: ListingStatus::Submitted, announced_on }
}

#[test]
fn a_token_may_no_more_than_its_scopes_and_no_more_than_its_role() {
    let scopes = Some(vec![Permission::Verify, Permission::ManageAccounts]);
    let token = Caller { scopes, ..caller(Role::Bureau, "审核员甲", None) };
    assert_eq!(token.check(Permission::Verify), Ok(()));
    assert!(matches!(token.check(Permission::ReadLife), Err(AccessRefusal::Scope { .. })));
    assert!(matches!(token.check(Permission::ManageAccounts), Err(AccessRefusal::Role { .. })));
}

#[test]
fn a_holder_acts_on_what_it_holds_and_staff_on_their_province() {
    let of_zhejiang = listing(Some("330106"));
    assert!(caller(Role::Holder, "样例(江北)有限公司", None).acting_on(&of_zhejiang).is_ok(), "one of two holders");
    assert_eq!(caller(Role::Holder, "样例", None).acting_on(&of_zhejiang), Err(AccessRefusal::NotYours));
    assert!(caller(Role::Bureau, "甲", Some("330000")).acting_on(&of_zhejiang).is_ok());
    assert!(caller(Role::Bureau, "甲", None).acting_on(&of_zhejiang).is_ok());
    let refused = caller(Role::Bureau, "乙", Some("320000")).acting_on(&of_zhejiang);
    assert!(matches!(refused, Err(AccessRefusal::Province { province, .. }) if province == "浙江省"));
    assert!(caller(Role::Bureau, "乙", Some("320000")).acting_on(&listing(None)).is_ok(), "nobody else's");
    for role in [Role::Enterprise, Role::Operator, Role::Partner] {
        assert_eq!(caller(role, "样例大学", None).acting_on(&of_zhejiang), Err(AccessRefusal::NotYours), "{role}");
    }
}

#[test]
fn a_firm_is_its_own_and_its_provinces() {
    let firm = Enterprise { location: at("320500"), ..Enterprise::named("样例电池有限公司", None) };
    assert!(caller(Role::Enterprise, "样例电池有限公司", None).acting_for(&firm).is_ok());
    assert!(caller(Role::Bureau, "甲", Some("320000")).acting_for(&firm).is_ok());
    for other in [
        caller(Role::Enterprise, "样例食品有限公司", None),
        caller(Role::Bureau, "乙", Some("330000")),
        caller(Role::Holder, "样例电池有限公司", None),
        caller(Role::Operator, "样例电池有限公司", None),
    ] {
        assert_eq!(other.acting_for(&firm), Err(AccessRefusal::NotYours), "{other:?}");
    }
}

#[test]
fn staff_let_in_the_firms_of_their_province_and_nobody_unlocks_themselves() {
    let code: CreditCode = "91440300192317458F".parse().unwrap();
    let firm = Account::of_enterprise(&code, "样例", EnterpriseId::new(Some(&code), "样例"), 0);
    assert!(caller(Role::Bureau, "甲", Some("440000")).acting_on_account(&firm).is_ok());
    assert!(caller(Role::Bureau, "甲", Some("330000")).acting_on_account(&firm).is_err());
    let operator = caller(Role::Operator, "运营员", None);
    assert!(operator.acting_on_account(&firm).is_ok());
    assert!(operator.acting_on_account(&operator.account).is_err());
    assert!(caller(Role::Bureau, "甲", None).acting_on_account(&operator.account).is_err());
}
