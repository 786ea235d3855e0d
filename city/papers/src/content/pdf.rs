//! This file looks into a PDF and says why it may not be kept.
//!
//! A PDF is refused if it names scripts, actions that leave it or start by themselves, a form to fill in, attachments,
//! programs or encryption. Names are searched in its bytes, hexadecimal spellings included, and in its object streams,
//! which are inflated within a bound. An object stream that cannot be opened here is a reason too, since nobody can say
//! what it holds. A seal of an authority (a field that holds a signature) and links within the PDF may stay.
//!
//! Readers differ in how they read broken PDFs, so this is one guard of several.

use crate::refusals::Why;
use flate2::bufread::ZlibDecoder;
use kernel::refusal::Code;
use std::io::Read;

/// Says within how many bytes of its end a PDF says where it ends.
const PDF_TAIL: usize = 2048;
/// Limits the name in a PDF that is looked at.
const LONGEST_NAME: usize = 40;
/// Limits how many bytes of object streams are opened in one PDF. Those of a usual one hold a few hundred thousand.
const MOST_OPENED: usize = 16 * 1024 * 1024;
/// Limits how many streams one PDF has.
const MOST_STREAMS: usize = 50_000;
/// Says how many bytes of a stream tell whether it holds objects.
const BEGINNING: u64 = 256;
/// Lists names by which a PDF does something, carries something, or hides something.
const ACTIVE: [&[u8]; 18] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"FileAttachment",
    b"OpenAction",
    b"GoToE",
    b"GoToR",
    b"SubmitForm",
    b"ImportData",
    b"ResetForm",
    b"Rendition",
    b"RichMedia",
    b"Movie",
    b"Sound",
    b"Collection",
    b"XFA",
    b"Encrypt",
];
/// Is the name before the kind of a field. `SIGNATURE` is the one kind that is not filled in.
const FIELD: &[u8] = b"FT";
const SIGNATURE: &[u8] = b"Sig";
/// Are the words around the bytes of a stream.
const BEGINS: &[u8] = b"stream";
const ENDS: &[u8] = b"endstream";
/// Lists all names that the dictionary of an object stream may have. So it is packed in one way or not at all.
const PLAIN: [&[u8]; 9] = [b"Type", b"ObjStm", b"N", b"First", b"Length", b"DL", b"Extends", b"Filter", b"FlateDecode"];

/// Returns why the PDF may not be kept, if there is a reason.
pub fn fault(sent: &[u8]) -> Option<Code> {
    let tail = sent.get(sent.len().saturating_sub(PDF_TAIL)..).unwrap_or(sent);
    if position(tail, b"%%EOF").is_none() || position(tail, b"startxref").is_none() {
        return Some(Why::PaperFileBroken);
    }
    (acts(sent) || streams_act(sent)).then_some(Why::PaperFileActive)
}

/// Tells whether the bytes of a PDF do something or are a form to fill in. Bytes that are packed are looked at too:
/// what a reader takes for a stream is its own affair, and words in comments and texts could pretend that one begins.
/// So a short name counts only with a value that makes it act, which packed bytes have by chance once in a thousand
/// megabytes.
fn acts(text: &[u8]) -> bool {
    let mut before = Vec::new();
    let slashes = text.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.filter_map(|(at, _)| text.get(at.saturating_add(1)..)).any(|after| {
        let (name, rest) = name(after);
        let value = rest.trim_ascii_start();
        let acts = match name.as_slice() {
            b"AA" => begins(value, &[b"<<", b"%"]) || refers(value),
            b"JS" => begins(value, &[b"(", b"<", b"%"]) || refers(value),
            b"URI" => before == b"S" || begins(value, &[b"(", b"<", b"%"]) || refers(value),
            FIELD => begins(value, &[b"%"]) || refers(value) || is_filled_in(value),
            other => ACTIVE.contains(&other),
        };
        before = name;
        acts
    })
}

/// Tells whether a value begins in one of these ways.
fn begins(value: &[u8], ways: &[&[u8]]) -> bool {
    ways.iter().any(|way| value.starts_with(way))
}

/// Tells whether a value is a reference to an object, such as `7 0 R`.
fn refers(value: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let after_number = |bytes: &[u8]| match digits(bytes) {
        0 => None,
        length => bytes.get(length..).map(<[u8]>::to_vec),
    };
    let Some(first) = after_number(value) else { return false };
    if first.starts_with(b"%") {
        return true;
    }
    let second = after_number(first.trim_ascii_start());
    second.is_some_and(|rest| begins(rest.trim_ascii_start(), &[b"R", b"%"]))
}

/// Tells whether the kind of a field is a name other than that of a signature.
fn is_filled_in(value: &[u8]) -> bool {
    value.strip_prefix(b"/").is_some_and(|kind| name(kind).0 != SIGNATURE)
}

/// Tells whether an object stream acts, or cannot be looked into.
fn streams_act(sent: &[u8]) -> bool {
    let streams = streams(sent);
    let mut left = MOST_OPENED;
    streams.len() > MOST_STREAMS || streams.iter().any(|stream| stream.acts(&mut left))
}

/// Is a stream of a PDF: all that stands before its bytes since the last one began, and all that follows.
struct Stream<'a> {
    before: &'a [u8],
    after: &'a [u8],
}

impl Stream<'_> {
    /// Takes what it opens from what is left.
    fn acts(&self, left: &mut usize) -> bool {
        let named = self.names_objects();
        match self.objects(left) {
            Opened::Nothing => named,
            Opened::Part(objects) => named || acts(&objects),
            Opened::Whole { objects, deflated } => (named && !self.is_plain(deflated)) || acts(&objects),
        }
    }

    /// Returns the names of its dictionary.
    fn dictionary(&self) -> Vec<Vec<u8>> {
        const END: &[u8] = b"endobj";
        let from = self.before.windows(END.len()).rposition(|window| window == END).unwrap_or_default();
        names(self.before.get(from..).unwrap_or(self.before)).collect()
    }

    /// Tells whether it says that it holds objects. Some readers go without its type.
    fn names_objects(&self) -> bool {
        let dictionary = self.dictionary();
        let has = |wanted: &[u8]| dictionary.iter().any(|name| name.as_slice() == wanted);
        (has(b"First") && has(b"N")) || names(self.before).any(|name| name.as_slice() == b"ObjStm")
    }

    /// Tells whether its dictionary says nothing but what was done to open it.
    fn is_plain(&self, deflated: bool) -> bool {
        let dictionary = self.dictionary();
        let count = |wanted: &[u8]| dictionary.iter().filter(|name| name.as_slice() == wanted).count();
        let filters = usize::from(deflated);
        dictionary.iter().all(|name| PLAIN.contains(&name.as_slice()))
            && count(b"Filter") == filters
            && count(b"FlateDecode") == filters
    }

    /// Opens the stream if it holds objects.
    fn objects(&self, left: &mut usize) -> Opened {
        let Some(data) = self.after.strip_prefix(b"\r\n").or_else(|| self.after.strip_prefix(b"\n")) else {
            return Opened::Nothing;
        };
        let opened = if holds_objects(data) { uncompressed(data, *left) } else { inflated(data, *left) };
        *left = left.saturating_sub(opened.length());
        opened
    }
}

/// Is what was found in a stream.
enum Opened {
    /// The stream holds no objects, or cannot be opened.
    Nothing,
    /// It holds objects. It is broken, or longer than what may be opened.
    Part(Vec<u8>),
    /// It holds these objects.
    Whole { objects: Vec<u8>, deflated: bool },
}

impl Opened {
    fn length(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Part(objects) | Self::Whole { objects, .. } => objects.len(),
        }
    }
}

fn uncompressed(data: &[u8], left: usize) -> Opened {
    let within = data.get(..left).unwrap_or(data);
    match position(within, ENDS) {
        Some(end) => Opened::Whole { objects: within.get(..end).unwrap_or(within).to_vec(), deflated: false },
        None => Opened::Part(within.to_vec()),
    }
}

/// Inflates the data if they begin as objects do. What is not packed in this way is nothing.
fn inflated(data: &[u8], left: usize) -> Opened {
    let mut decoder = ZlibDecoder::new(data);
    let mut objects = Vec::new();
    let begun = decoder.by_ref().take(BEGINNING).read_to_end(&mut objects);
    if !holds_objects(&objects) {
        return Opened::Nothing;
    }
    let most = u64::try_from(left).unwrap_or(u64::MAX);
    let ended = begun.and_then(|_| decoder.by_ref().take(most).read_to_end(&mut objects));
    match ended {
        Ok(length) if length < left => Opened::Whole { objects, deflated: true },
        _ => Opened::Part(objects),
    }
}

/// Tells whether a text begins as that of an object stream does, with two numbers.
fn holds_objects(text: &[u8]) -> bool {
    let mut words = text.split(|byte| is_blank(*byte)).filter(|word| !word.is_empty());
    let number = words.next().is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    number && words.next().and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0
}

/// Returns every place where a stream may begin, also inside another one, and stops at one more than there may be.
fn streams(bytes: &[u8]) -> Vec<Stream<'_>> {
    let (mut found, mut from, mut at) = (Vec::new(), 0, 0);
    while found.len() <= MOST_STREAMS
        && let Some(next) = bytes.get(at..).and_then(|rest| position(rest, BEGINS))
    {
        at = at.saturating_add(next).saturating_add(BEGINS.len());
        let before = bytes.get(from..at).unwrap_or_default();
        if !before.ends_with(ENDS) {
            found.push(Stream { before, after: bytes.get(at..).unwrap_or_default() });
            from = at;
        }
    }
    found
}

/// Returns every name (`/Name`) in a PDF, with `#4A` read as `J`.
fn names(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    bytes.split(|byte| *byte == b'/').skip(1).map(|after| name(after).0)
}

/// Reads a name up to its end. Returns it with what follows.
fn name(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut name = Vec::new();
    let mut rest = bytes.iter().copied();
    loop {
        let here = rest.clone();
        let Some(byte) = rest.next() else { return (name, &[]) };
        let delimits = is_blank(byte) || b"()<>[]{}%/".contains(&byte);
        if delimits || name.len() > LONGEST_NAME {
            let read = bytes.len().saturating_sub(here.len());
            return (name, bytes.get(read..).unwrap_or_default());
        }
        let mut ahead = rest.clone();
        let escaped = if byte == b'#' { hexadecimal(ahead.next(), ahead.next()) } else { None };
        if escaped.is_some() {
            rest = ahead;
        }
        name.push(escaped.unwrap_or(byte));
    }
}

fn hexadecimal(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// Returns where the wanted bytes first stand.
pub fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn pdf(body: &str) -> Vec<u8> {
        format!("%PDF-1.7\n1 0 obj\n<< /Type /Catalog {body} >>\nendobj\nstartxref\n9\n%%EOF\n").into_bytes()
    }

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Returns a PDF with one stream that has this dictionary and these bytes.
    fn with_stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = format!("%PDF-1.7\n1 0 obj\n<< {dictionary} >>\nstream\n").into_bytes();
        bytes.extend_from_slice(data);
        bytes.extend_from_slice(b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n");
        bytes
    }

    fn objects(text: &str) -> Vec<u8> {
        let text = format!("5 0 6 {} {text} << /Type /Page >>", text.len() + 1);
        with_stream("/Type /ObjStm /N 2 /First 8 /Length 99 /Filter /FlateDecode", &deflated(text.as_bytes()))
    }

    const REFUSED: Option<Code> = Some(Why::PaperFileActive);

    #[test]
    fn what_acts_is_refused_in_the_open_and_in_an_object_stream() {
        for active in [
            "/OpenAction 3 0 R",
            "/A << /S /JavaScript /JS (app.alert(1)) >>",
            "/A<</S/JavaScript/JS(x)>>",
            "/A << /S /Java#53cript >>",
            "/A << /S /J#61vaScript >>",
            "/A << /#4a#61vaScript 1 >>",
            "/A << /S /#52endition /JS (x) >>",
            "/A << /#4a#53 (x) >>",
            "/A << /S /Launch /F (cmd.exe) >>",
            "/A << /S /URI /URI (http://example.com) >>",
            "/A << /S /#55RI >>",
            "/A << /S /GoToR /F (other.pdf) >>",
            "/A << /S /SubmitForm >>",
            "/AA << /O 3 0 R >>",
            "/Names << /EmbeddedFiles 4 0 R >>",
            "/Names << /EmbeddedFile 1 0 R >>",
            "/Type /EmbeddedFile",
            "/Subtype /FileAttachment",
            "/Collection << /View /D >>",
            "/RichMedia 1 0 R",
            "/AcroForm << /XFA 1 0 R >>",
            "/AcroForm << /Fields [<< /FT /Tx /T (name) >>] >>",
            "/FT /B#74n /Ff 65536",
            "/FT 7 0 R /T (name)",
            "/Encrypt 5 0 R",
            "/Type/#45ncrypt",
        ] {
            assert_eq!(fault(&pdf(active)), REFUSED, "{active}");
            assert_eq!(fault(&objects(&format!("<< {active} >>"))), REFUSED, "packed: {active}");
        }
    }

    #[test]
    fn what_only_shows_something_is_kept() {
        for harmless in [
            "/Pages 2 0 R /Title (a/b)",
            "/JavaScripts 1",
            "(/ JavaScript)",
            "/Title (JavaScript)",
            "/launch 1",
            "/A << /S /GoTo /D [3 0 R /XYZ 0 0 0] >>",
            "/AcroForm << /SigFlags 3 /Fields [<< /FT /Sig /V 9 0 R >>] >>",
            "/Outlines << /First 4 0 R /Last 5 0 R /Count 2 >>",
        ] {
            assert_eq!(fault(&pdf(harmless)), None, "{harmless}");
            assert_eq!(fault(&objects(&format!("<< {harmless} >>"))), None, "packed: {harmless}");
        }
        let profile = with_stream("/N 3 /Length 9 /Filter /FlateDecode", &deflated(b"\0\0\x0c\x48Lino"));
        assert_eq!(fault(&profile), None, "a colour profile has an N too");
        let content = with_stream("/Length 9 /Filter /FlateDecode", &deflated(b"1 0 0 1 72 720 cm /F1 12 Tf (x) Tj"));
        assert_eq!(fault(&content), None, "what a page draws may begin with numbers");
    }

    #[test]
    fn an_object_stream_that_cannot_be_opened_is_refused() {
        let harmless = b"5 0 << /Type /Page >>";
        let packed = deflated(harmless);
        let mut torn = packed.clone();
        *torn.last_mut().unwrap() ^= 1;
        let usual = "/Type /ObjStm /N 1 /First 4 /Length 9";
        for filter in ["/Filter /FlateDecode", "/Filter [/FlateDecode]", "/Filter/Flate#44ecode"] {
            assert_eq!(fault(&with_stream(&format!("{usual} {filter}"), &packed)), None, "{filter}");
        }
        let table: [(&str, &[u8]); 11] = [
            ("/Filter /FlateDecode", &torn),
            ("/Filter /FlateDecode", b"neither"),
            ("/Filter /LZWDecode", b"\x80\x0b\x60"),
            ("/Filter /ASCIIHexDecode", b"35 20 30 20 3c 3c>"),
            ("/Filter /AHx", b"35 20 30 20 3c 3c>"),
            ("/Filter 7 0 R", &packed),
            ("/Filter [/FlateDecode /ASCIIHexDecode]", &packed),
            ("/Filter [/FlateDecode /FlateDecode]", &packed),
            ("/Filter /FlateDecode /DecodeParms << /Predictor 2 /Columns 8 >>", &packed),
            ("/F (elsewhere)", harmless),
            ("", &packed),
        ];
        for (dictionary, data) in table {
            assert_eq!(fault(&with_stream(&format!("{usual} {dictionary}"), data)), REFUSED, "{dictionary}");
            let untyped = format!("/N 1 /First 4 {dictionary}");
            assert_eq!(fault(&with_stream(&untyped, data)), REFUSED, "untyped: {dictionary}");
            let spelt = format!("/Type /Obj#53tm {dictionary}");
            assert_eq!(fault(&with_stream(&spelt, data)), REFUSED, "spelt otherwise: {dictionary}");
        }
        assert_eq!(fault(&with_stream(usual, harmless)), None, "it need not be packed");
        assert_eq!(fault(&with_stream(usual, b"5 0 << /JS (x) >>")), REFUSED);
        assert_eq!(fault(&with_stream("/Length 9", &deflated(b"5 0 << /JS (x) >>"))), REFUSED, "it need not say so");
    }

    #[test]
    fn an_object_stream_within_another_stream_is_opened_too() {
        let inner = objects("<< /S /URI >>");
        assert_eq!(fault(&with_stream("/Length 999", &inner)), REFUSED);
    }

    #[test]
    fn more_than_may_be_opened_is_refused_and_takes_no_more_memory() {
        let mut text = b"5 0 ".to_vec();
        text.resize(MOST_OPENED + 300, b' ');
        let usual = "/Type /ObjStm /N 1 /First 4 /Length 9 /Filter /FlateDecode";
        assert_eq!(fault(&with_stream(usual, &deflated(&text))), REFUSED);
        text.truncate(1024 * 1024);
        assert_eq!(fault(&with_stream(usual, &deflated(&text))), None);
        let many = pdf(&"stream\n".repeat(MOST_STREAMS + 1));
        assert_eq!(fault(&many), REFUSED);
    }

    #[test]
    fn a_short_name_found_by_chance_in_compressed_bytes_is_no_script() {
        assert_eq!(fault(&pdf(">>\nstream\nq\x01/JS \x02\nendstream <<")), None);
        assert_eq!(fault(&pdf(">>\nstream\nx\nendstream << /JS (x)")), REFUSED);
        for hidden in [
            ">>\n% stream\n<< /S /Example /JS (x)",
            "%stream x\n/AA << /O << /S /URI /URI (http://example.com) >> >>\n%endstream",
            "% << >> stream\n/AA << /O 3 0 R >>\n%endstream",
            "/T (>> stream\n) /AA 3 0 R /T (endstream)",
            ">>\nstream\n6 0 obj << /AA % a comment\n<< /O 3 0 R >> >> endobj\nendstream <<",
        ] {
            assert_eq!(fault(&pdf(hidden)), REFUSED, "a word hides nothing: {hidden}");
        }
    }

    #[test]
    fn a_pdf_says_near_its_end_where_it_ends() {
        let mut padded = pdf("");
        let ends = padded.len();
        padded.resize(ends + PDF_TAIL - b"startxref\n9\n%%EOF\n".len(), b' ');
        assert_eq!(fault(&padded), None, "the last bytes that count");
        padded.push(b' ');
        assert_eq!(fault(&padded), Some(Why::PaperFileBroken));
        for broken in [&b"%PDF-1.7\n"[..], b"%PDF-1.7\nstartxref\n", b"%PDF-1.7\n%%EOF"] {
            assert_eq!(fault(broken), Some(Why::PaperFileBroken));
        }
    }

    #[test]
    fn names_of_a_pdf_are_read_to_their_end_and_no_further() {
        for (text, expected) in [
            ("", vec![]),
            ("no name", vec![]),
            ("/", vec![""]),
            ("/A/B /C(x)/D<</E>>", vec!["A", "B", "C", "D", "E"]),
            ("/J#53", vec!["JS"]),
            ("/#4a#53", vec!["JS"]),
            ("/J#5", vec!["J#5"]),
            ("/J#5g", vec!["J#5g"]),
            ("/J##53", vec!["J#S"]),
            ("/A\0B", vec!["A"]),
            ("/A%B", vec!["A"]),
            ("/A[1]", vec!["A"]),
        ] {
            let found: Vec<String> =
                names(text.as_bytes()).map(|name| String::from_utf8_lossy(&name).into_owned()).collect();
            assert_eq!(found, expected, "{text}");
        }
        let long = format!("/{}", "x".repeat(1_000));
        assert_eq!(names(long.as_bytes()).map(|name| name.len()).collect::<Vec<_>>(), [LONGEST_NAME + 1]);
    }
}
