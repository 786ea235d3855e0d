//! Reads what another platform asks of a service beside place and words, and says what is answered.

use std::collections::BTreeMap;

use super::told::Told;

/// The attribute that gives the sender's own number: sent again with it, a report is the same.
pub const EXTERNAL: &str = "external_id";

/// An attribute that a platform asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its code.
    pub code: String,
    /// Whether a report without it is refused.
    pub required: bool,
    /// Whether it takes several values.
    pub several: bool,
    /// What can be chosen, each with what people call it; empty where it is written freely.
    pub values: Vec<(String, String)>,
}

/// What is known of a report that a platform may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// Our number.
    pub number: &'k str,
    /// The code of the condition: `burst`.
    pub condition: &'k str,
    /// What people call the condition, in both languages.
    pub named: [&'k str; 2],
}

/// The attributes of a definition. What only informs asks for nothing.
#[must_use]
pub fn asked(definition: &Told) -> Vec<Asked> {
    // Some wrap the one definition in a list.
    let attributes = definition.part("attributes").or_else(|| definition.records().first()?.part("attributes"));
    let attributes = attributes.map(Told::parts).unwrap_or_default();
    let is = |one: &Told, name: &str, said: &str| one.get(name).eq_ignore_ascii_case(said);
    let asking = attributes.iter().filter(|one| !is(one, "variable", "false") && !one.get("code").is_empty());
    let read = asking.map(|one| Asked {
        code: one.get("code").to_owned(),
        required: is(one, "required", "true"),
        several: is(one, "datatype", "multivaluelist"),
        values: one.part("values").map(Told::parts).unwrap_or_default().iter().map(choice).collect(),
    });
    read.collect()
}

fn choice(value: &Told) -> (String, String) {
    (value.get("key").to_owned(), value.get("name").to_owned())
}

/// The fields that answer what is asked: those of our data, our number, and what our condition says by its own name.
///
/// # Errors
/// The code of an attribute that has to be answered and cannot be, or whose answer in our data is none of its values.
pub fn answers<'a>(
    asked: &[Asked],
    own: impl Iterator<Item = (&'a str, &'a str)>,
    known: &Known<'_>,
) -> Result<Vec<(String, String)>, String> {
    let mut said: BTreeMap<String, String> = own.map(|(code, said)| (code.to_owned(), said.to_owned())).collect();
    said.entry(EXTERNAL.to_owned()).or_insert_with(|| known.number.to_owned());
    for one in asked {
        let answer = match said.get(&one.code) {
            Some(given) => Some(one.key_of(given).ok_or_else(|| one.code.clone())?),
            None => one.meant(known),
        };
        match answer {
            Some(answer) => drop(said.insert(one.code.clone(), answer)),
            None if one.required => return Err(one.code.clone()),
            None => {}
        }
    }
    let several = |code: &str| asked.iter().any(|one| one.several && one.code == code);
    let field = |code: &str| if several(code) { format!("attribute[{code}][]") } else { format!("attribute[{code}]") };
    Ok(said.into_iter().map(|(code, said)| (field(&code), said)).collect())
}

impl Asked {
    /// What is sent for an answer: the key of the value that it names, by its key or by its name.
    fn key_of(&self, given: &str) -> Option<String> {
        if self.values.is_empty() {
            return Some(given.to_owned());
        }
        let chosen = self.values.iter().find(|(key, _)| key == given);
        chosen.or_else(|| self.values.iter().find(|(_, name)| name == given)).map(|(key, _)| key.clone())
    }

    /// The value that our condition means; the only one where one has to be chosen and there is no other.
    fn meant(&self, known: &Known<'_>) -> Option<String> {
        let means = |(key, name): &&(String, String)| {
            key == known.condition || known.named.iter().any(|named| !named.is_empty() && name == named)
        };
        let only = self.values.first().filter(|_| self.required && self.values.len() == 1);
        self.values.iter().find(means).or(only).map(|(key, _)| key.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"service_code":"W-101","attributes":[
        {"variable":true,"code":"what","datatype":"singlevaluelist","required":true,
         "values":[{"key":"7","name":"爆管"},{"key":"8","name":"渗漏"}]},
        {"variable":true,"code":"danger","datatype":"multivaluelist","required":false,
         "values":[{"key":"no","name":"无"}]},
        {"variable":true,"code":"meter","datatype":"string","required":false,"values":[]},
        {"variable":false,"code":"note","datatype":"string","required":true,"values":[]}]}"#;
    const XML: &str = "<service_definition><service_code>W-101</service_code><attributes>\
        <attribute><variable>true</variable><code>what</code><datatype>singlevaluelist</datatype>\
        <required>true</required>\
        <values><value><key>7</key><name>爆管</name></value><value><key>8</key><name>渗漏</name></value></values>\
        </attribute><attribute><variable>true</variable><code>danger</code><datatype>multivaluelist</datatype>\
        <required>false</required><values><value><key>no</key><name>无</name></value></values></attribute>\
        <attribute><variable>true</variable><code>meter</code><datatype>string</datatype><required>false</required>\
        <values/></attribute><attribute><variable>false</variable><code>note</code><datatype>string</datatype>\
        <required>true</required></attribute></attributes></service_definition>";

    fn said(own: &[(&str, &str)], named: [&str; 2]) -> Result<Vec<(String, String)>, String> {
        let known = Known { number: "N-1", condition: "burst", named };
        let both = [JSON, XML].map(|text| answers(&asked(&Told::read(text).unwrap()), own.iter().copied(), &known));
        assert_eq!(both[0], both[1]);
        both[0].clone()
    }

    #[test]
    fn a_condition_answers_by_its_name_and_our_data_answer_first() {
        let pairs = |all: &[(&str, &str)]| {
            all.iter().map(|(field, said)| ((*field).to_owned(), (*said).to_owned())).collect::<Vec<_>>()
        };
        let number = ("attribute[external_id]", "N-1");
        assert_eq!(said(&[], ["爆管", "burst"]), Ok(pairs(&[number, ("attribute[what]", "7")])));
        assert_eq!(
            said(&[("what", "渗漏"), ("danger", "no"), ("meter", "3")], ["爆管", ""]),
            Ok(pairs(&[("attribute[danger][]", "no"), number, ("attribute[meter]", "3"), ("attribute[what]", "8")]))
        );
    }

    #[test]
    fn what_cannot_be_answered_is_named() {
        assert_eq!(said(&[], ["井盖缺失", ""]), Err("what".to_owned()));
        assert_eq!(said(&[("what", "burst")], ["爆管", ""]), Err("what".to_owned()), "no value of that name");
    }

    #[test]
    fn where_one_thing_can_be_chosen_it_is() {
        let only = Asked {
            code: "called".to_owned(),
            required: true,
            several: false,
            values: vec![("yes".to_owned(), "Called".to_owned())],
        };
        let known = Known { number: "N-1", condition: "burst", named: ["爆管", ""] };
        assert_eq!(only.meant(&known).as_deref(), Some("yes"));
        assert_eq!(Asked { required: false, ..only }.meant(&known), None);
    }
}
