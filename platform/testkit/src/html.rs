//! Reads from a page what a browser would send: its forms with the present values of their fields.

/// A form of a page as the browser fills it before anybody types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The address to which it is sent; empty for the page itself.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// What is sent, in order: hidden fields, filled fields, ticked boxes, chosen options. Buttons are left out.
    pub fields: Vec<(String, String)>,
    /// Every name that the form offers, including boxes that are not ticked and buttons.
    pub offers: Vec<String>,
}

impl Form {
    /// Returns the first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Types a value into a field. It also ticks a box, chooses an option or presses a named button.
    ///
    /// # Panics
    /// Panics when the form offers no such field, because a person could not have entered it.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.offers.iter().any(|known| known == name),
            "the form to {:?} has no field {name:?}: {:?}",
            self.action,
            self.offers
        );
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a field out, as an unticked box is.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }
}

/// A start tag with its attributes, an end tag, or text between tags.
enum Piece<'a> {
    Start(String, Vec<(String, String)>),
    End(String),
    Text(&'a str),
}

/// Returns the forms of a page in order.
pub fn forms(html: &str) -> Vec<Form> {
    let mut reader = FormReader::default();
    for piece in pieces(html) {
        reader.take(&piece);
    }
    reader.forms
}

#[derive(Default)]
struct FormReader {
    forms: Vec<Form>,
    inside: bool,
    /// The name of the open select, and its options (value, chosen).
    select: Option<(String, Vec<(String, bool)>)>,
    /// This is set while an option without a value attribute takes its text.
    option_takes_text: bool,
    textarea: Option<(String, String)>,
}

impl FormReader {
    fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Start(tag, attributes) => self.start(tag, attributes),
            Piece::End(tag) => self.end(tag),
            Piece::Text(text) => self.text(text),
        }
    }

    fn start(&mut self, tag: &str, attributes: &[(String, String)]) {
        let attribute = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let has = |name: &str| attribute(name).is_some();
        if tag == "form" {
            let method = attribute("method").unwrap_or_else(|| "get".into()).to_lowercase();
            self.forms.push(Form { action: attribute("action").unwrap_or_default(), method, ..Form::default() });
            self.inside = true;
            return;
        }
        if tag == "option" {
            if let Some((_, options)) = &mut self.select {
                self.option_takes_text = !has("value");
                options.push((attribute("value").unwrap_or_default(), has("selected")));
            }
            return;
        }
        let Some(name) = attribute("name").filter(|name| !name.is_empty() && self.inside && !has("disabled")) else {
            return;
        };
        let Some(form) = self.forms.last_mut() else { return };
        match tag {
            "input" | "button" | "select" | "textarea" => form.offers.push(name.clone()),
            _ => return,
        }
        let kind = attribute("type").unwrap_or_default();
        match (tag, kind.as_str()) {
            ("button", _) | ("input", "submit" | "image" | "button" | "reset" | "file") => {}
            ("input", "checkbox" | "radio") if !has("checked") => {}
            ("input", "checkbox" | "radio") => {
                form.fields.push((name, attribute("value").unwrap_or_else(|| "on".into())));
            }
            ("input", _) => form.fields.push((name, attribute("value").unwrap_or_default())),
            ("select", _) => self.select = Some((name, Vec::new())),
            _ => self.textarea = Some((name, String::new())),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, value)) = &mut self.textarea {
            value.push_str(&decoded(text));
        } else if let Some((value, _)) = self.select.as_mut().and_then(|(_, options)| options.last_mut())
            && self.option_takes_text
        {
            value.push_str(decoded(text).trim());
        }
    }

    fn end(&mut self, tag: &str) {
        let field = match tag {
            "form" => {
                self.inside = false;
                None
            }
            "option" => {
                self.option_takes_text = false;
                None
            }
            "select" => self.select.take().and_then(|(name, options)| {
                let chosen = options.iter().find(|(_, chosen)| *chosen).or_else(|| options.first());
                chosen.map(|(value, _)| (name, value.clone()))
            }),
            "textarea" => self
                .textarea
                .take()
                .map(|(name, value)| (name, value.strip_prefix('\n').map_or_else(|| value.clone(), str::to_owned))),
            _ => None,
        };
        if let (Some(field), Some(form)) = (field, self.forms.last_mut()) {
            form.fields.push(field);
        }
    }
}

/// Returns the addresses of a page's links in order.
pub fn links(html: &str) -> Vec<String> {
    let link = |piece| match piece {
        Piece::Start(tag, attributes) if tag == "a" => {
            attributes.into_iter().find(|(name, _)| name == "href").map(|(_, value)| value)
        }
        _ => None,
    };
    pieces(html).into_iter().filter_map(link).collect()
}

/// Returns the words of a page without its tags, with one blank between two words.
pub fn words(html: &str) -> String {
    let text = |piece| match piece {
        Piece::Text(text) => Some(decoded(text)),
        _ => None,
    };
    let all: Vec<String> = pieces(html).into_iter().filter_map(text).collect();
    all.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if !text.is_empty() {
            found.push(Piece::Text(text));
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let (inside, after) = split_tag(after);
        rest = after;
        if let Some(tag) = inside.strip_prefix('/') {
            found.push(Piece::End(tag.trim().to_lowercase()));
        } else if inside.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let (tag, attributes) = read_tag(inside);
            if tag == "script" || tag == "style" {
                rest = rest.split_once(&format!("</{tag}>")).map_or("", |(_, rest)| rest);
            }
            found.push(Piece::Start(tag, attributes));
        }
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// Returns what stands in a tag and what comes after its `>`. A `>` within quotes does not count.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (index, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => {
                let (inside, after) = text.split_at(index);
                return (inside, after.strip_prefix('>').unwrap_or_default());
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    (text, "")
}

fn read_tag(inside: &str) -> (String, Vec<(String, String)>) {
    let blank = |character: char| character.is_whitespace() || character == '/';
    let end = inside.find(blank).unwrap_or(inside.len());
    let (tag, mut rest) = inside.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(blank);
        if rest.is_empty() {
            return (tag.to_lowercase(), attributes);
        }
        let end = rest.find(|character: char| character == '=' || blank(character)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            attributes.push((name.to_lowercase(), String::new()));
            rest = after;
            continue;
        };
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (value, after) = match quote.and_then(|quote| value.strip_prefix(quote)?.split_once(quote)) {
            Some(parts) => parts,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        attributes.push((name.to_lowercase(), decoded(value)));
        rest = after;
    }
}

fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let known = after.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        if let Some((character, after)) = known {
            out.push(character);
            rest = after;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{A0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
            char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><title>办件 &amp; more</title><script>if (a < b) "<form>"</script>
        <!-- <form action="/no"> --><p>一 <b>二</b></p><a href="/a?b=1&amp;c=2">x</a>
        <form action="/apply" method=POST class='a>b'>
          <input type="hidden" name="_csrf" value="t&#34;k"><input name=words value='王 &lt;x&gt;'>
          <input type="checkbox" name="agree" value="1"><input type="checkbox" name="news" checked>
          <input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked />
          <input name="off" value="1" disabled>
          <select name="place"><option value="">-</option><option value="4" selected>和平</option></select>
          <select name="first"><option>甲 </option><option>乙</option></select>
          <textarea name="note">
a &amp; b</textarea>
          <button name="go" value="1">走</button>
        </form><form><input name="q"></form>"#;

    #[test]
    fn a_form_is_sent_as_it_stands() {
        let forms = forms(PAGE);
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(forms.len(), 2);
        assert_eq!((forms[0].action.as_str(), forms[0].method.as_str()), ("/apply", "post"));
        assert_eq!(
            forms[0].fields,
            [
                field("_csrf", "t\"k"),
                field("words", "王 <x>"),
                field("news", "on"),
                field("way", "b"),
                field("place", "4"),
                field("first", "甲"),
                field("note", "a & b"),
            ]
        );
        assert_eq!((forms[1].method.as_str(), forms[1].get("q")), ("get", Some("")));
        let typed = forms[0].clone().set("agree", "1").set("words", "李").set("go", "1").without("news");
        assert_eq!((typed.get("agree"), typed.get("words"), typed.get("news")), (Some("1"), Some("李"), None));
    }

    #[test]
    #[should_panic(expected = "has no field")]
    fn a_field_that_is_not_there_cannot_be_filled() {
        let _ = forms(PAGE)[0].clone().set("off", "2");
    }

    #[test]
    fn links_and_words_are_read() {
        assert_eq!(links(PAGE), ["/a?b=1&c=2"]);
        assert!(words(PAGE).starts_with("办件 & more 一 二 x"), "{}", words(PAGE));
    }

    #[test]
    fn broken_pages_are_read_as_far_as_they_go() {
        for broken in
            ["<", "<form", "<form action=\"", "a < b", "<!-- x", "<input name=>", "&#xFFFFFFFF; &amp", "<script>"]
        {
            let _ = (forms(broken), links(broken), words(broken));
        }
    }
}
