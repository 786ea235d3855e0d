//! What a kind of cases gives the desk to show: how a step is told and offered, what was done, pictures, and what
//! whoever takes part reads.

use std::collections::BTreeMap;

use house::BesideLink;
use kernel::case::Recorded;
use kernel::procedure::{Action, Procedure};
use uuid::Uuid;
use web::Choice;

/// How the cases of a kind are numbered. Each series of a district counts by itself, from 1 every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// The series of the counter's cases, whose numbers have no letter.
    Applications,
    /// A series of its own.
    Own {
        /// The name by which it counts, such as `lamp`.
        name: &'static str,
        /// The letter in front of its running numbers; see [`kernel::identifier::CaseNumber::of_series`].
        letter: char,
    },
}

/// What files a case of a kind has, and under whose record they are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// It has none.
    None,
    /// Those of the papers that it asks for, sealed under the record of the first party of that role.
    Sealed {
        /// The role.
        role: &'static str,
    },
}

/// How a step is told to whoever takes part, as its kind says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepTold {
    /// As its procedure calls it.
    Titled,
    /// In words of the kind's own, by their key. `office` stands in them for the office that decides now.
    Said(&'static str),
    /// The same without what was said with it, where only the last of the steps that are told by this key counts.
    Last(&'static str),
    /// In words of the kind's own alone: what was said with it is the offices' own business.
    Bare(&'static str),
    /// Not at all: it is the offices' own business.
    Inner,
}

/// A step that a party took, or that was taken for her, as the way of a case tells it.
#[derive(Clone, Copy, Debug)]
pub struct PartyStep<'s> {
    /// The step.
    pub action: &'s Action,
    /// Its procedure.
    pub procedure: &'s Procedure,
    /// What happened until then, with the step as the last; nothing where it is only named.
    pub until: &'s [Recorded],
    /// Staff read it.
    pub to_staff: bool,
    /// The sealed record of whoever else reads it, where she takes part.
    pub record: Option<Uuid>,
}

/// What was done about a case, as whoever takes part is shown it before she says whether it is so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The office that does it, where that is another than the one with which the case lies.
    pub office: Option<String>,
    /// Words and what they say.
    pub facts: Vec<(String, String)>,
    /// Pictures that show it.
    pub pictures: Vec<Picture>,
}

/// A picture on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its local address.
    pub href: String,
    /// The local address of the same, small, as a list of pictures shows it.
    pub small: String,
    /// What it is, in words.
    pub text: String,
}

/// The pictures of a case, as its page shows them to staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// The pictures with what each shows. They have no address while this member of staff has not said why she looks.
    pub all: Vec<Picture>,
    /// The address to which she says why she looks; none once she said so.
    pub ask: Option<String>,
}

/// Pictures that can be sent together with a step, in its own form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attaching {
    /// The local address to which the form is sent with them. It takes the step as well.
    pub post: String,
    /// The fields of pictures: the name and the label of each.
    pub fields: Vec<(&'static str, String)>,
    /// What may be sent, in words.
    pub hint: String,
    /// The pixels of the longer side to which the page makes them smaller before they are sent, where it can.
    pub side: u32,
    /// How parts of a picture are covered on the page, in words.
    pub cover: String,
    /// How that is undone, in words.
    pub undo: String,
}

/// How a kind offers a step that can be taken now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The place of its heading among the headings, from 1, and the key of the heading's words. Steps of place 0 stand
    /// first, without a heading.
    pub group: (u8, &'static str),
    /// What the step is called in place of its title; none where its title says it.
    pub title: Option<String>,
    /// What is said above its form, a sentence each.
    pub notes: Vec<String>,
    /// What stands in its fields at first, by the names of its needs.
    pub preset: BTreeMap<String, String>,
    /// The names of needs that have to be answered on the page though its procedure does not ask for it.
    pub must: Vec<&'static str>,
    /// Whether it is the usual next step; none where its procedure says so.
    pub primary: Option<bool>,
    /// What there is to choose from in place of typing, by the names of its needs; and for whom staff note a party's
    /// step ([`kernel::case::FOR_WHOM`]), or by which power an agent said it ([`kernel::case::BY_AGENT`]).
    pub choices: BTreeMap<String, Vec<Choice>>,
    /// What its needs are called in place of their titles.
    pub labels: BTreeMap<String, String>,
    /// The address of the page where it is taken, of the department's own; none where its form stands here.
    pub page: Option<String>,
}

/// Something to read: a heading and what stands below it, a paragraph each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The paragraphs.
    pub lines: Vec<String>,
}

/// What whoever takes part reads on her page of a case, as its kind says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// What she is to know before everything else, a sentence each, such as when and where she is awaited.
    pub ahead: Vec<String>,
    /// Where she goes on by pages of the department.
    pub doors: Vec<BesideLink>,
    /// What she is asked, in a sentence; none where the last step that was taken says it.
    pub question: Option<String>,
    /// Who answers in her place, in a sentence, where a step is not hers to take; none where she answers herself.
    pub instead: Option<String>,
    /// How it stands with her own answer, such as that she agreed and the other side is waited for; none where nothing
    /// is to be said.
    pub stands: Option<String>,
    /// Facts for her beside those that every case has: words and what they say.
    pub facts: Vec<(String, String)>,
    /// What she reads before she answers.
    pub before: Vec<Section>,
    /// What she reads once the case ended: what is left to her.
    pub after: Vec<Section>,
    /// What she said and was told before, to be read again.
    pub kept: Vec<Section>,
    /// The department's own pages about what is left to her.
    pub links: Vec<BesideLink>,
}
