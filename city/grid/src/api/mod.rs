//! Open311 GeoReport v2 for other programs: which kinds can be reported, what was reported and how it stands, and
//! reports of other systems. Whoever sends has a token of the exchange; reading needs none, and shows what everybody
//! may see. See <http://wiki.open311.org/GeoReport_v2>.

mod asked;
mod document;
mod moment;
mod remedies;
mod sent;
mod shown;
mod trouble;

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use exchange::{ApiScope, LetIn};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use uuid::Uuid;
use vault::Slip;
use web::{Cost, Form, Need, Page, Routes};

use crate::actions::open311::{DESCRIPTION, Voice};
use crate::finding::{self, Land};
use crate::refusals::Why;
use crate::words::REPORT;
use crate::words::open311::{Search, Sending, Shared, Step, Updating};
use crate::words::{GRID_OPEN311_DAYS, GRID_OPEN311_MOST};
use crate::{Grid, records};
use asked::Bounds;
use document::{Document, Format};
use sent::Sent;
use shown::{Seen, Teller};
use trouble::{Trouble, said};

/// Where the interface lies.
const ROOT: &str = "/open311/v2/";
/// Every method in which something is asked or sent.
const ANY: MethodFilter = MethodFilter::GET.or(MethodFilter::POST).or(MethodFilter::PUT).or(MethodFilter::DELETE);

/// The calls of the interface. Every other address below it gets an answer of the interface's own kind.
pub fn routes(grid: Arc<Grid>) -> Routes {
    let (call, sending) = (|| Cost::call(Need::Anyone, said), || Cost::call_with_files(Need::Anyone, said));
    Routes::new()
        .route("/open311/v2/discovery.json", call(), get(read))
        .route("/open311/v2/discovery.xml", call(), get(read))
        .route("/open311/v2/services.json", call(), get(read))
        .route("/open311/v2/services.xml", call(), get(read))
        .route("/open311/v2/services/{code}", call(), get(read))
        .route("/open311/v2/requests.json", sending(), get(read).post(report))
        .route("/open311/v2/requests.xml", sending(), get(read).post(report))
        .route("/open311/v2/requests/{number}", call(), get(read))
        .route("/open311/v2/tokens/{number}", call(), get(read))
        .route("/open311/v2/servicerequestupdates.json", sending(), get(read).post(update))
        .route("/open311/v2/servicerequestupdates.xml", sending(), get(read).post(update))
        .route("/open311/v2/{*rest}", call(), on(ANY, read))
        .route("/open311/{*rest}", call(), on(ANY, read))
        .method_not_allowed_fallback(wrong_method)
        .with_state(grid)
}

/// What of an address stands below the interface, and the form that it asks for.
fn asked_name(request: &Request) -> (String, Result<Format, Trouble>) {
    let path = request.uri().path().strip_prefix(ROOT).unwrap_or_default();
    match Format::split(path) {
        Some((name, format)) => (name.to_owned(), Ok(format)),
        None => (String::new(), Err(Refusal::new(Why::GridFormatUnknown).into())),
    }
}

/// Answers every call that reads.
async fn read(State(grid): State<Arc<Grid>>, page: Page, request: Request) -> Response {
    let (name, format) = asked_name(&request);
    let fallback = Format::of(request.uri().path(), request.headers());
    let format = match format {
        Ok(format) => format,
        Err(trouble) => return trouble.answer(fallback, page.lang),
    };
    match grid.told_of(&page, &name).await {
        Ok(document) => document.answer(StatusCode::OK, format),
        Err(trouble) => trouble.answer(format, page.lang),
    }
}

/// Answers every method that an address does not have.
async fn wrong_method(page: Page, request: Request) -> Response {
    let format = Format::of(request.uri().path(), request.headers());
    Trouble::from(Refusal::new(exchange::Why::ExchangeMethod)).answer(format, page.lang)
}

/// Answers `POST requests`: takes in a report that a system sends for somebody.
async fn report(State(grid): State<Arc<Grid>>, page: Page, request: Request) -> Response {
    grid.serve("POST /open311/v2/requests", page, request, Deed::Report).await
}

/// Answers `POST servicerequestupdates`: does what a system says of a report.
async fn update(State(grid): State<Arc<Grid>>, page: Page, request: Request) -> Response {
    grid.serve("POST /open311/v2/servicerequestupdates", page, request, Deed::Update).await
}

/// What a system does.
#[derive(Clone, Copy)]
enum Deed {
    Report,
    Update,
}

impl Deed {
    const fn scopes(self) -> &'static [ApiScope] {
        match self {
            Self::Report => &[ApiScope::ReportSend],
            Self::Update => &[ApiScope::ReportSend, ApiScope::ReportAct],
        }
    }
}

impl Grid {
    async fn told_of(self: &Arc<Self>, page: &Page, name: &str) -> Result<Document, Trouble> {
        self.right_city(page.query.get("jurisdiction_id"))?;
        let teller = self.teller(page)?;
        match name.split_once('/') {
            None => match name {
                "discovery" => Ok(teller.discovery()),
                "services" => Ok(teller.services()),
                "requests" => {
                    let search = asked::search(&page.query, &self.catalogue, self.spans(page)?)?;
                    let extended = search.extended;
                    let found = self.hall.store.read(move |tx| found(tx, &search)).await?;
                    let seen = self.to_show(&found).await?;
                    Ok(teller.requests(&found, &seen, extended))
                }
                "servicerequestupdates" => {
                    let search = asked::steps(&page.query, self.spans(page)?)?;
                    let read = move |tx: &mut dyn store::Tx| records::open311::steps(tx, &search);
                    Ok(teller.steps(&self.hall.store.read(read).await.map_err(hall::Fault::from)?))
                }
                _ => Err(Refusal::new(Why::GridFormatUnknown).into()),
            },
            Some(("services", code)) => Ok(teller.definition(asked::kind_of(&self.catalogue, code)?)),
            Some(("requests", number)) => {
                let extended = asked::extended(&page.query);
                let found = [self.public(number).await?];
                let seen = self.to_show(&found).await?;
                Ok(teller.requests(&found, &seen, extended))
            }
            Some(("tokens", token)) => Ok(Teller::token(&self.public(token).await?.number)),
            Some(_) => Err(Refusal::new(Why::GridFormatUnknown).into()),
        }
    }

    /// The report of a number, if everybody may see it.
    async fn public(&self, number: &str) -> Result<Shared, Trouble> {
        let number = number.to_owned();
        let found = self.hall.store.read(move |tx| records::open311::public(tx, &number)).await;
        found.map_err(hall::Fault::from)?.ok_or_else(|| Refusal::new(Code::CaseNotFound).into())
    }

    /// What everybody may see of some reports beside how they stand: what a worker released, and where their
    /// communities are.
    async fn to_show(&self, found: &[Shared]) -> Result<Seen, Trouble> {
        let cases: Vec<(PlaceId, Uuid)> = found.iter().map(|one| (one.district, one.case_id)).collect();
        let read = move |tx: &mut dyn store::Tx| {
            Ok::<_, store::StoreError>((records::shown::of_cases(tx, &cases)?, records::photo::released(tx, &cases)?))
        };
        let (shown, mut photos) = self.hall.store.read(read).await.map_err(hall::Fault::from)?;
        let mut seen = Seen::default();
        seen.words.extend(shown.into_iter().filter_map(|one| Some((one.case_id, one.words?))));
        photos.sort_unstable_by_key(|photo| Reverse((photo.at, photo.id)));
        // The first one stands there in the end.
        seen.pictures.extend(photos.iter().map(|photo| (photo.case_id, self.picture_address(photo))));
        if let Some(ground) = self.hall.places.geography().await.map_err(hall::Fault::from)? {
            let communities = found.iter().map(|one| one.path.id()).collect();
            seen.middles = finding::middles(&ground, &communities);
        }
        Ok(seen)
    }

    fn teller<'t>(&'t self, page: &'t Page) -> Result<Teller<'t>, Trouble> {
        Ok(Teller { grid: self, procedure: self.cases.procedure(REPORT)?, page })
    }

    fn spans(&self, page: &Page) -> Result<Bounds, Trouble> {
        let most = self.hall.figure(GRID_OPEN311_MOST, page.now)?;
        Ok(Bounds { days: self.hall.figure(GRID_OPEN311_DAYS, page.now)?, most: i64::from(most), now: page.now })
    }

    /// The interface serves one city: whoever names another is told so.
    fn right_city(&self, named: &str) -> Result<(), Trouble> {
        let tree = self.hall.places.tree();
        let code = tree.root().map(|city| city.code.clone()).unwrap_or_default();
        let ours = named.is_empty() || (named.len() >= CITY_DIGITS && code.starts_with(named));
        if ours { Ok(()) } else { Err(Refusal::new(Why::GridJurisdictionUnknown).field("jurisdiction_id").into()) }
    }

    /// Whoever sends something may name the city in the form or in the address.
    fn sent_here(&self, sent: &Sent, page: &Page) -> Result<(), Trouble> {
        self.right_city(sent.get("jurisdiction_id"))?;
        self.right_city(page.query.get("jurisdiction_id"))
    }

    /// Lets a call in that sends something, does it, counts it and answers.
    async fn serve(self: Arc<Self>, route: &str, page: Page, request: Request, deed: Deed) -> Response {
        let format = Format::of(request.uri().path(), request.headers());
        let (sent, caller) = match self.received(&page, request, deed).await {
            Ok(received) => received,
            Err(trouble) => return trouble.answer(format, page.lang),
        };
        let done = match deed {
            Deed::Report => self.reported(&sent, &page, &caller).await,
            Deed::Update => self.updated(&sent, &page, &caller).await,
        };
        let response = match done {
            Ok(document) => document.answer(StatusCode::CREATED, format),
            // What is refused may speak of danger all the same.
            Err(trouble) => {
                let first = self.teller(&page).map(|told| told.first(sent.get(DESCRIPTION)));
                trouble.below(first.unwrap_or_default()).answer(format, page.lang)
            }
        };
        self.exchange.count_call(&caller, route, response.status(), page.now).await;
        response
    }

    /// Reads what a system sends, and lets it in. A body with photos is read only once it is let in, so its key stands
    /// outside of the body.
    async fn received(&self, page: &Page, request: Request, deed: Deed) -> Result<(Sent, LetIn), Trouble> {
        let headers = request.headers().clone();
        if !sent::has_parts(&headers) {
            let sent = sent::read(&headers, &page.query, request.into_body()).await?;
            let caller = self.caller(&sent.api_key, page, deed).await?;
            return Ok((sent, caller));
        }
        let key = sent::api_key(&headers, &page.query, &Form::default());
        if key.is_empty() {
            return Err(Refusal::new(Why::GridKeyFirst).field("api_key").into());
        }
        let caller = self.caller(&key, page, deed).await?;
        let most = self.photo_limits(page.now)?.most;
        let (mut form, mut photos) = (Form::default(), Vec::new());
        let (mut count, mut left) = (0_usize, sent::LARGEST);
        let mut parts = sent::parts(request).await?;
        while let Some(part) = parts.next_field().await.map_err(|fault| sent::unread(fault.status()))? {
            let (field, is_file) = (part.name().unwrap_or_default().to_owned(), part.file_name().is_some());
            count += 1;
            if count > PARTS {
                return Err(Refusal::new(Code::RequestTooLarge).into());
            }
            if is_file {
                let bytes = part.bytes().await.map_err(|fault| sent::unread(fault.status()))?;
                if !bytes.is_empty() {
                    photos.push(sent::photo(&field, &bytes, photos.len(), most)?);
                }
            } else {
                let text = sent::text(part, left).await?;
                left -= text.len();
                form.add(field, text);
            }
        }
        Ok((Sent::of(&headers, &page.query, form, photos)?, caller))
    }

    async fn caller(&self, api_key: &str, page: &Page, deed: Deed) -> Result<LetIn, Trouble> {
        if api_key.is_empty() {
            return Err(Refusal::new(Why::GridKeyMissing).field("api_key").into());
        }
        Ok(self.exchange.let_in(api_key, deed.scopes(), page.address(), page.now).await?)
    }

    /// Puts the photos of a report into a tray, under the same bounds and cleaned like those of our own pages.
    async fn laid(&self, photos: &[Vec<u8>], now: Instant) -> Result<Option<Slip>, Trouble> {
        if photos.is_empty() {
            return Ok(None);
        }
        match self.put_into_tray(None, photos.to_vec(), now).await {
            Ok(slip) => Ok(Some(slip)),
            Err(hall::Fault::Refused(refusal)) => Err(refusal.field(sent::MEDIA).into()),
            Err(fault) => Err(fault.into()),
        }
    }

    async fn reported(self: &Arc<Self>, sent: &Sent, page: &Page, caller: &LetIn) -> Result<Document, Trouble> {
        self.sent_here(sent, page)?;
        let ground = self.hall.places.geography().await.map_err(hall::Fault::from)?;
        let (tree, most) = (self.hall.places.tree(), self.hall.figure(places::POINT_METRES, page.now)?);
        let land = Land { tree: &tree, ground: ground.as_deref(), most_metres: most };
        let mut saying = sent.saying(&self.catalogue, &land, page.zone().minute_of_day(page.now))?;
        sent::may_report(&caller.actor(), &saying.spot)?;
        saying.tray = self.laid(&sent.photos, page.now).await?;
        let (said, system) = (saying.words.clone(), caller.system().id);
        let once = sent.once.clone().unwrap_or_else(|| page.once());
        let sending = Sending {
            saying,
            name: sent.name(),
            email: sent.get("email").to_owned(),
            system,
            once: format!("open311/{system}/{once}"),
            external: sent.external.clone(),
        };
        let shared = self.report_from(sending, caller.actor(), page.now).await?;
        Ok(self.teller(page)?.taken(&shared, &said))
    }

    async fn updated(self: &Arc<Self>, sent: &Sent, page: &Page, caller: &LetIn) -> Result<Document, Trouble> {
        self.sent_here(sent, page)?;
        if !sent.photos.is_empty() {
            return Err(asked::wrong(sent::MEDIA, "POST requests").into());
        }
        let said = sent.said()?.to_owned();
        let updating = Updating {
            number: sent.get("service_request_id").to_owned(),
            done: sent.done()?,
            words: said.clone(),
            system: caller.system().id,
            once: sent.once.clone().unwrap_or_else(|| page.once()),
            earlier: sent.earlier.clone(),
        };
        let voice = Voice {
            reports: caller.system().has(ApiScope::ReportSend),
            acts: caller.system().has(ApiScope::ReportAct),
        };
        // Whoever says that it is done tells of what was there.
        let said = if updating.done && voice.acts { String::new() } else { said };
        let shared = self.update(updating, caller.actor(), voice, page.now).await?;
        let step = Step {
            number: shared.number,
            sequence: shared.sequence,
            state: shared.state,
            open: shared.open,
            at: shared.updated_at,
        };
        Ok(self.teller(page)?.heard(&step, &said))
    }
}

/// The most parts of a body.
const PARTS: usize = 200;
/// The first digits of the city's code, which name it.
const CITY_DIGITS: usize = 4;

/// The reports of a search that everybody may see. Whoever names numbers asks for nothing else.
fn found(tx: &mut dyn store::Tx, search: &Search) -> Result<Vec<Shared>, hall::Fault> {
    let found = if search.numbers.is_empty() {
        records::open311::search(tx, search)
    } else {
        records::open311::numbered(tx, &search.numbers)
    };
    Ok(found?)
}
