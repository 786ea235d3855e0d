//! The frames of the pipe: four bytes of length, big-endian, then that many bytes. Each request gets one answer.

use std::io::{self, Read, Write};

use crate::refusal::Refusal;

/// The longest request, in bytes.
pub const LONGEST_REQUEST: u32 = 1024 * 1024;

/// The first byte of an answer that is a PDF.
const LAID_OUT: u8 = 0;
/// The first byte of an answer that is a refusal in JSON.
const REFUSED: u8 = 1;

/// Answers requests until the input ends between two of them.
///
/// # Errors
/// Fails when the pipe breaks, or when it ends within a request.
pub fn serve(
    input: &mut impl Read,
    output: &mut impl Write,
    answer: impl Fn(&[u8]) -> Result<Vec<u8>, Refusal>,
) -> io::Result<()> {
    while let Some(request) = read(input)? {
        write(output, &request.and_then(|bytes| answer(&bytes)))?;
    }
    Ok(())
}

/// Reads the next request, or returns none at the end of the input. A request that is too long is skipped, so that the
/// next can follow.
fn read(input: &mut impl Read) -> io::Result<Option<Result<Vec<u8>, Refusal>>> {
    let mut head = Vec::new();
    input.by_ref().take(4).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(None);
    }
    let head: [u8; 4] = head.try_into().map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    let length = u32::from_be_bytes(head);
    let mut body = input.by_ref().take(u64::from(length));
    if length > LONGEST_REQUEST {
        io::copy(&mut body, &mut io::sink())?;
        let message = format!("the request has {length} bytes, the limit is {LONGEST_REQUEST}");
        return Ok(Some(Err(Refusal::new("request_too_large", message))));
    }
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    if u32::try_from(bytes.len()) == Ok(length) {
        Ok(Some(Ok(bytes)))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn write(output: &mut impl Write, answered: &Result<Vec<u8>, Refusal>) -> io::Result<()> {
    match answered {
        Ok(pdf) if u32::try_from(pdf.len()).is_ok_and(|length| length < u32::MAX) => put(output, LAID_OUT, pdf),
        Ok(_) => refuse(output, &Refusal::new("letter_too_large", "the PDF is larger than an answer can be")),
        Err(refusal) => refuse(output, refusal),
    }
}

fn refuse(output: &mut impl Write, refusal: &Refusal) -> io::Result<()> {
    let json = serde_json::to_vec(refusal).map_err(io::Error::other)?;
    put(output, REFUSED, &json)
}

fn put(output: &mut impl Write, status: u8, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().and_then(|length| length.checked_add(1));
    let length = length.ok_or_else(|| io::Error::other("the answer is too long for a frame"))?;
    output.write_all(&length.to_be_bytes())?;
    output.write_all(&[status])?;
    output.write_all(bytes)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap();
        [&length.to_be_bytes()[..], bytes].concat()
    }

    /// Answers a request with its own bytes and refuses `no`.
    fn echo(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
        if bytes == b"no" { Err(Refusal::new("layout_failed", "no")) } else { Ok(bytes.to_vec()) }
    }

    fn answers(input: &[u8]) -> io::Result<Vec<u8>> {
        let mut output = Vec::new();
        serve(&mut &*input, &mut output, echo)?;
        Ok(output)
    }

    #[test]
    fn each_request_has_its_answer_in_order() {
        let input = [frame(b"one"), frame(b""), frame(b"no"), frame(b"two")].concat();
        let refused = b"\x01{\"code\":\"layout_failed\",\"message\":\"no\"}";
        let expected = [frame(b"\0one"), frame(b"\0"), frame(refused), frame(b"\0two")].concat();
        assert_eq!(answers(&input).unwrap(), expected);
    }

    #[test]
    fn a_request_that_is_too_long_is_read_over() {
        let long = vec![b'x'; usize::try_from(LONGEST_REQUEST).unwrap() + 1];
        let output = answers(&[frame(&long), frame(b"next")].concat()).unwrap();
        assert!(String::from_utf8_lossy(&output).contains("request_too_large"));
        assert!(output.ends_with(&frame(b"\0next")));
        let longest = vec![b'x'; usize::try_from(LONGEST_REQUEST).unwrap()];
        assert_eq!(answers(&frame(&longest)).unwrap().len(), longest.len() + 5);
    }

    #[test]
    fn an_end_within_a_request_is_a_fault() {
        for input in [&b"\0\0"[..], b"\0\0\0\x05abc"] {
            assert_eq!(answers(input).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        }
        assert_eq!(answers(b"").unwrap(), b"");
    }
}
