//! Says of kinds and reports what the published text of Open311 names, and nothing of anybody: words and photos only
//! once a worker released them.

use std::collections::BTreeMap;

use kernel::earth::Point;
use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::procedure::Procedure;
use kernel::time::Instant;
use uuid::Uuid;
use web::Page;

use super::document::{Document, Node};
use super::moment::written;
use crate::Grid;
use crate::catalogue::{Condition, Kind};
use crate::peers::definition::EXTERNAL;
use crate::rules::alarm::Alarm;
use crate::words::open311::{Shared, Step};

/// The attribute that names the condition.
pub const CONDITION: &str = "condition";
/// The attribute that says that whoever is in danger has called first.
pub const CALLED: &str = "called";
/// The attribute that says at which time of day it was seen.
pub const SEEN: &str = "seen_at";

/// The code of a kind as programs write it: `event-0102`.
pub fn code(key: &str) -> String {
    key.replacen('/', "-", 1)
}

/// What everybody may see of reports beside how they stand.
#[derive(Debug, Default)]
pub struct Seen {
    /// Her words, by case, where a worker released them.
    pub words: BTreeMap<Uuid, String>,
    /// The address of the first photo that a worker released, by case.
    pub pictures: BTreeMap<Uuid, String>,
    /// The middle of a community.
    pub middles: BTreeMap<PlaceId, Point>,
}

/// Who tells, in which language, about which procedure.
pub struct Teller<'t> {
    /// The grid.
    pub grid: &'t Grid,
    /// The procedure of reports.
    pub procedure: &'t Procedure,
    /// The language and the texts.
    pub page: &'t Page,
}

impl Teller<'_> {
    const fn lang(&self) -> Lang {
        self.page.lang
    }

    /// The kinds that can be reported.
    pub fn services(&self) -> Document {
        let services = self.grid.catalogue.kinds().iter().map(|kind| self.service(kind)).collect();
        Document::new("services", Node::List("service", services))
    }

    fn service(&self, kind: &Kind) -> Node {
        let conditions: Vec<&str> = kind.conditions.iter().map(|condition| condition.when.get(self.lang())).collect();
        let system = self.grid.catalogue.system(&kind.system);
        let class = system.and_then(|system| system.classes.iter().find(|class| class.code == kind.class()));
        Node::Record(vec![
            ("service_code", Node::text(code(&kind.key()))),
            ("service_name", Node::text(kind.name.get(self.lang()))),
            ("description", Node::text(conditions.join(self.lang().pick("；", "; ")))),
            ("metadata", Node::Yes(true)),
            ("type", Node::text("realtime")),
            ("keywords", Node::text(kind.words.join(","))),
            ("group", Node::some(class.map(|class| class.name.get(self.lang()).to_owned()))),
        ])
    }

    /// What is asked beside place and words when a kind is reported.
    pub fn definition(&self, kind: &Kind) -> Document {
        let mut attributes = vec![self.condition(kind)];
        if kind.conditions.iter().any(|condition| condition.stop.is_some()) {
            attributes.push(self.called(kind));
        }
        attributes.push(Attribute::new(EXTERNAL, "string", self.page.t("grid-open311-external")).node(3, Vec::new()));
        if kind.conditions.iter().any(|condition| condition.daily.is_some()) {
            attributes.push(Attribute::new(SEEN, "string", self.page.t("grid-open311-seen")).node(4, Vec::new()));
        }
        Document::new(
            "service_definition",
            Node::Record(vec![
                ("service_code", Node::text(code(&kind.key()))),
                ("attributes", Node::List("attribute", attributes)),
            ]),
        )
    }

    fn condition(&self, kind: &Kind) -> Node {
        let value = |condition: &Condition| value(&condition.code, condition.when.get(self.lang()));
        let attribute = Attribute::new(CONDITION, "singlevaluelist", self.page.t("grid-open311-condition"));
        let attribute = Attribute { required: kind.conditions.len() > 1, ..attribute };
        attribute.node(1, kind.conditions.iter().map(value).collect())
    }

    fn called(&self, kind: &Kind) -> Node {
        let stops = kind.conditions.iter().filter_map(|condition| condition.stop.as_ref());
        let says: Vec<String> =
            stops.map(|stop| format!("{} {}", stop.call.join(" "), stop.say.get(self.lang()))).collect();
        let attribute = Attribute::new(CALLED, "singlevaluelist", self.page.t("grid-field-called"));
        let attribute = Attribute { help: says.join(" / "), ..attribute };
        attribute.node(2, vec![value("yes", &self.page.t("grid-field-called"))])
    }

    /// Reports as everybody may see them.
    pub fn requests(&self, found: &[Shared], seen: &Seen, extended: bool) -> Document {
        let requests = found.iter().map(|shared| self.request(shared, seen, extended)).collect();
        Document::new("service_requests", Node::List("request", requests))
    }

    fn request(&self, shared: &Shared, seen: &Seen, extended: bool) -> Node {
        let lang = self.lang();
        let (catalogue, tree) = (&self.grid.catalogue, self.grid.hall.places.tree());
        let kind = catalogue.kind_ever(&shared.kind);
        let unit = catalogue.unit(&shared.department).map(|unit| unit.name.get(lang).to_owned());
        let status = if shared.open { "open" } else { "closed" };
        let middle = seen.middles.get(&shared.path.id()).map(|point| point.degrees());
        let mut told = vec![
            ("service_request_id", Node::text(shared.number.as_str())),
            ("status", Node::text(status)),
            ("status_notes", Node::text(self.state(&shared.state))),
            ("service_name", Node::some(kind.map(|kind| kind.name.get(lang).to_owned()))),
            ("service_code", Node::text(code(&shared.kind))),
            ("description", Node::some(seen.words.get(&shared.case_id).cloned())),
            ("agency_responsible", Node::some(unit)),
            ("service_notice", Node::Nothing),
            ("requested_datetime", self.moment(shared.requested_at)),
            ("updated_datetime", self.moment(shared.updated_at)),
            ("expected_datetime", shared.expected_at.map_or(Node::Nothing, |at| self.moment(at))),
            ("address", Node::text(tree.chain(&shared.path, lang))),
            ("address_id", Node::text(format!("p:{}", shared.path.id()))),
            ("zipcode", Node::Nothing),
            // A point would often say whose home it is: as on the public map, it stands in the middle of its community.
            ("lat", middle.map_or(Node::Nothing, |(latitude, _)| Node::Degrees(latitude))),
            ("long", middle.map_or(Node::Nothing, |(_, longitude)| Node::Degrees(longitude))),
            ("media_url", Node::some(seen.pictures.get(&shared.case_id).cloned())),
        ];
        if extended {
            let condition = catalogue.condition_ever(&format!("{}/{}", shared.kind, shared.condition));
            told.push((
                "extended_attributes",
                Node::Record(vec![
                    ("state", Node::text(shared.state.as_str())),
                    (CONDITION, Node::text(shared.condition.as_str())),
                    ("condition_name", Node::some(condition.map(|(_, condition)| condition.when.get(lang).to_owned()))),
                    ("community_code", Node::some(tree.at(&shared.path).map(|place| place.code.clone()))),
                ]),
            ));
        }
        Node::Record(told)
    }

    /// What whoever sent a report with these words is told: its number, whom to call first where it speaks of danger,
    /// and by when somebody looks at it.
    pub fn taken(&self, shared: &Shared, said: &str) -> Document {
        let (zone, lang, catalogue) = (self.grid.hall.zone(), self.lang(), &self.grid.catalogue);
        let due = shared.expected_at.map(|at| zone.show_minute(at)).unwrap_or_default();
        let known = catalogue.condition_ever(&format!("{}/{}", shared.kind, shared.condition));
        let alarm = Alarm::of(catalogue, said, known.map(|(_, condition)| condition), lang);
        let mut notice = self.page.t1("grid-open311-notice", "due", due);
        if !alarm.is_none() {
            notice = self.call(&alarm) + &notice;
        }
        let request = Node::Record(vec![
            ("service_request_id", Node::text(shared.number.as_str())),
            ("service_notice", Node::text(notice)),
            ("account_id", Node::Nothing),
        ]);
        Document::new("service_requests", Node::List("request", vec![request]))
    }

    /// The number of a report by its token: reports are taken in at once, so the number is the token.
    pub fn token(number: &str) -> Document {
        let request = Node::Record(vec![("service_request_id", Node::text(number)), ("token", Node::text(number))]);
        Document::new("service_requests", Node::List("request", vec![request]))
    }

    /// How reports went on.
    pub fn steps(&self, steps: &[Step]) -> Document {
        let updates = steps.iter().map(|step| self.step(step, "")).collect();
        Document::new("service_request_updates", Node::List("request_update", updates))
    }

    /// How a report stands after what was said of it, and whom to call first where that speaks of danger.
    pub fn heard(&self, step: &Step, said: &str) -> Document {
        let first = self.first(said);
        Document::new("service_request_updates", Node::List("request_update", vec![self.step(step, &first)]))
    }

    /// Whom to call first where words speak of danger; empty where they do not.
    pub fn first(&self, said: &str) -> String {
        let alarm = Alarm::of(&self.grid.catalogue, said, None, self.lang());
        if alarm.is_none() { String::new() } else { self.call(&alarm) }
    }

    /// Whom to call, before what else is told.
    fn call(&self, alarm: &Alarm) -> String {
        let (numbers, says) = (alarm.numbers(self.lang()), alarm.text(self.lang()));
        self.page.t2("grid-open311-danger", "numbers", numbers, "says", says) + self.lang().pick("", " ")
    }

    fn step(&self, step: &Step, first: &str) -> Node {
        Node::Record(vec![
            ("update_id", Node::text(format!("{}.{}", step.number, step.sequence))),
            ("service_request_id", Node::text(step.number.as_str())),
            ("status", Node::text(if step.open { "open" } else { "closed" })),
            ("updated_datetime", self.moment(step.at)),
            ("description", Node::text(format!("{first}{}", self.state(&step.state)))),
            ("media_url", Node::Nothing),
        ])
    }

    /// Where the interface is, and in which forms it speaks.
    pub fn discovery(&self) -> Document {
        let (address, since) = (&self.grid.counter.public_url, self.moment(self.grid.since));
        let formats = ["text/xml", "application/json"].map(Node::text).to_vec();
        let endpoint = Node::Record(vec![
            ("specification", Node::text("http://wiki.open311.org/GeoReport_v2")),
            ("url", Node::text(format!("{address}/open311/v2"))),
            ("changeset", since.clone()),
            ("type", Node::text("production")),
            ("formats", Node::List("format", formats)),
        ]);
        Document::new(
            "discovery",
            Node::Record(vec![
                ("changeset", since),
                ("contact", Node::text(format!("{address}/help"))),
                ("key_service", Node::text(format!("{address}/api"))),
                ("endpoints", Node::List("endpoint", vec![endpoint])),
            ]),
        )
    }

    fn state(&self, code: &str) -> String {
        self.procedure.states.get(code).map(|state| state.title.get(self.lang()).to_owned()).unwrap_or_default()
    }

    fn moment(&self, at: Instant) -> Node {
        Node::Text(written(at, self.grid.hall.zone()))
    }
}

/// Something that is asked beside place and words.
struct Attribute {
    code: &'static str,
    datatype: &'static str,
    required: bool,
    title: String,
    help: String,
}

impl Attribute {
    const fn new(code: &'static str, datatype: &'static str, title: String) -> Self {
        Self { code, datatype, required: false, title, help: String::new() }
    }

    fn node(self, order: i64, values: Vec<Node>) -> Node {
        Node::Record(vec![
            ("variable", Node::Yes(true)),
            ("code", Node::text(self.code)),
            ("datatype", Node::text(self.datatype)),
            ("required", Node::Yes(self.required)),
            ("datatype_description", Node::some(Some(self.help))),
            ("order", Node::Whole(order)),
            ("description", Node::Text(self.title)),
            ("values", Node::List("value", values)),
        ])
    }
}

fn value(key: &str, name: &str) -> Node {
    Node::Record(vec![("key", Node::text(key)), ("name", Node::text(name))])
}
