//! This file decides what a file is and whether it may be kept. Its content tells that, never its name.
//!
//! Pictures are decoded within limits and written anew, so that only the picture stays: no place, no camera, no hidden
//! end.
//!
//! A PDF stays as it is. It is refused if it acts, carries or hides something (`pdf`). It is also sent with headers
//! that let it run nothing, and staff open it in the browser's own viewer.

mod pdf;

use crate::refusals::Why;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageResult, Limits};
use kernel::refusal::Refusal;
use std::io::Cursor;

use crate::words::{Bounds, Content, Kind};

/// Says how many bytes a decoder may take for each pixel: twice as many as the widest pixel has.
const BYTES_PER_PIXEL: u64 = 16;
/// Is the quality of the pictures that are written anew. Small print stays readable.
const QUALITY: u8 = 88;
/// Is the number of bytes of a mebibyte. `MEGAPIXEL` is the number of pixels of a megapixel.
const MEBIBYTE: u64 = 1024 * 1024;
const MEGAPIXEL: u64 = 1_000_000;
/// Is how a JPEG begins, and how a PNG does.
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";
/// Marks the segment after which the points of a JPEG follow. `END_OF_IMAGE` ends them.
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];
/// Lists the brands of HEIC and AVIF pictures.
const HEIC_BRANDS: [&[u8]; 10] =
    [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"];

/// Returns the file as it may be kept.
///
/// # Errors
/// Refuses a file that is too large, broken or active, or that is neither a picture nor a PDF.
pub fn tidy(sent: &[u8], bounds: Bounds) -> Result<Content, Refusal> {
    if u64::try_from(sent.len()).unwrap_or(u64::MAX) > bounds.bytes {
        return Err(Refusal::new(Why::PaperFileLarge).field("file").with("limit", bounds.bytes / MEBIBYTE));
    }
    let refuse = |code| Err(Refusal::new(code).field("file"));
    if sent.starts_with(JPEG) {
        picture(Kind::Jpeg, JpegDecoder::new(Cursor::new(sent)), bounds)
    } else if sent.starts_with(PNG) {
        picture(Kind::Png, PngDecoder::new(Cursor::new(sent)), bounds)
    } else if sent.starts_with(b"%PDF-") {
        document(sent)
    } else if is_heic(sent) {
        refuse(Why::PaperFileHeic)
    } else {
        refuse(Why::PaperFileKind)
    }
}

fn is_heic(sent: &[u8]) -> bool {
    let marked = sent.get(4..8).is_some_and(|mark| mark == b"ftyp");
    marked && sent.get(8..12).is_some_and(|brand| HEIC_BRANDS.contains(&brand))
}

/// Returns a photograph as it may be kept: a JPEG of at most `side` pixels on its longer side.
///
/// # Errors
/// Refuses what is too large, cut off or broken, and whatever is no picture.
pub fn photo(sent: &[u8], bounds: Bounds, side: u32) -> Result<Content, Refusal> {
    if u64::try_from(sent.len()).unwrap_or(u64::MAX) > bounds.bytes {
        return Err(Refusal::new(Why::PaperFileLarge).field("file").with("limit", bounds.bytes / MEBIBYTE));
    }
    let refuse = |code| Err(Refusal::new(code).field("file"));
    let picture = if sent.starts_with(JPEG) {
        if !is_whole(sent) {
            return refuse(Why::PaperFileBroken);
        }
        upright(JpegDecoder::new(Cursor::new(sent)), bounds)?
    } else if sent.starts_with(PNG) {
        upright(PngDecoder::new(Cursor::new(sent)), bounds)?
    } else if is_heic(sent) {
        return refuse(Why::PaperFileHeic);
    } else {
        return refuse(Why::PaperPhotoKind);
    };
    let large = picture.width().max(picture.height()) > side;
    let picture = if large { picture.thumbnail(side, side) } else { picture };
    let measured = Some((picture.width(), picture.height()));
    Ok(Content { kind: Kind::Jpeg, bytes: written(Kind::Jpeg, picture).map_err(broken)?, size: measured })
}

/// Says whether a JPEG has its end. Decoders fill up with grey what was cut off.
fn is_whole(jpeg: &[u8]) -> bool {
    let mut at = JPEG.len() - 1;
    // The segments before the picture say how long they are; one of them may hold a small picture with its own end.
    while let Some([0xFF, marker, high, low]) = jpeg.get(at..at + 4) {
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if *marker == START_OF_SCAN {
            return jpeg.get(at..).is_some_and(|scan| scan.windows(2).any(|pair| pair == END_OF_IMAGE));
        }
    }
    false
}

fn picture<D: ImageDecoder>(kind: Kind, decoder: ImageResult<D>, bounds: Bounds) -> Result<Content, Refusal> {
    let picture = upright(decoder, bounds)?;
    let size = Some((picture.width(), picture.height()));
    Ok(Content { kind, bytes: written(kind, picture).map_err(broken)?, size })
}

/// Decodes a picture within the bounds, its size before anything else, and turns it upright.
fn upright<D: ImageDecoder>(decoder: ImageResult<D>, bounds: Bounds) -> Result<DynamicImage, Refusal> {
    let mut decoder = decoder.map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width).saturating_mul(u64::from(height)) > bounds.pixels {
        return Err(Refusal::new(Why::PaperFilePixels).field("file").with("limit", bounds.pixels / MEGAPIXEL));
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(bounds.pixels.saturating_mul(BYTES_PER_PIXEL));
    decoder.set_limits(limits).map_err(broken)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn broken(_: ImageError) -> Refusal {
    Refusal::new(Why::PaperFileBroken).field("file")
}

/// Writes the picture and nothing else.
fn written(kind: Kind, picture: DynamicImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    match (kind, picture) {
        (Kind::Png, picture) => picture.write_with_encoder(PngEncoder::new(&mut bytes))?,
        (_, DynamicImage::ImageLuma8(grey)) => {
            JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&grey)?;
        }
        (_, picture) => JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&picture.into_rgb8())?,
    }
    Ok(bytes)
}

fn document(sent: &[u8]) -> Result<Content, Refusal> {
    if let Some(code) = pdf::fault(sent) {
        return Err(Refusal::new(code).field("file"));
    }
    Ok(Content { kind: Kind::Pdf, bytes: sent.to_vec(), size: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Rgb, RgbImage, Rgba, RgbaImage};
    use kernel::refusal::Code;

    const BOUNDS: Bounds = Bounds { bytes: 2 * MEBIBYTE, pixels: MEGAPIXEL };

    fn code(sent: &[u8]) -> Code {
        tidy(sent, BOUNDS).unwrap_err().code
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture =
            RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
        written(Kind::Jpeg, DynamicImage::ImageRgb8(picture)).unwrap()
    }

    /// Returns the JPEG with an EXIF segment that turns the picture to the right and holds a secret.
    fn with_exif(jpeg: &[u8], secret: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(secret);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1];
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&exif);
        bytes.extend_from_slice(&jpeg[2..]);
        bytes
    }

    #[test]
    fn a_picture_is_turned_upright_and_loses_everything_but_itself() {
        let kept = tidy(&with_exif(&jpeg(40, 20), b"41.8N 123.4E"), BOUNDS).unwrap();
        assert_eq!((kept.kind, kept.size), (Kind::Jpeg, Some((20, 40))));
        assert!(pdf::position(&kept.bytes, b"Exif").is_none() && pdf::position(&kept.bytes, b"41.8N").is_none());
        let again = tidy(&kept.bytes, BOUNDS).unwrap();
        assert_eq!(again.size, Some((20, 40)), "what is kept can be read");
    }

    #[test]
    fn a_photo_keeps_neither_place_nor_hidden_picture_and_is_a_jpeg_of_the_largest_side() {
        let hidden = jpeg(8, 8);
        let mut secret = b"GPSLatitude 41.8N".to_vec();
        secret.extend_from_slice(&hidden);
        let sent = with_exif(&jpeg(400, 200), &secret);
        assert_eq!(sent.windows(3).filter(|part| *part == JPEG).count(), 2, "a thumbnail hides in it");
        let kept = photo(&sent, BOUNDS, 100).unwrap();
        assert_eq!((kept.kind, kept.size), (Kind::Jpeg, Some((50, 100))), "turned upright, then made smaller");
        for gone in [&b"Exif"[..], b"GPSLatitude", b"41.8N"] {
            assert!(pdf::position(&kept.bytes, gone).is_none(), "{gone:?}");
        }
        assert_eq!(kept.bytes.windows(3).filter(|part| *part == JPEG).count(), 1, "one picture alone");
        let png = written(Kind::Png, DynamicImage::ImageRgb8(RgbImage::new(30, 20))).unwrap();
        let kept = photo(&png, BOUNDS, 100).unwrap();
        assert_eq!((kept.kind, kept.size), (Kind::Jpeg, Some((30, 20))), "nothing is made larger");
    }

    #[test]
    fn a_photo_that_is_cut_off_fake_or_a_bomb_is_refused() {
        let code = |sent: &[u8]| photo(sent, BOUNDS, 100).unwrap_err().code;
        let whole = with_exif(&jpeg(256, 256), &jpeg(8, 8));
        assert!(photo(&whole, BOUNDS, 100).is_ok());
        for cut in [whole.len() / 2, whole.len() * 3 / 4, whole.len() - 2] {
            assert_eq!(code(&whole[..cut]), Why::PaperFileBroken, "{cut} of {} bytes", whole.len());
        }
        let bomb = written(Kind::Png, DynamicImage::ImageLuma8(GrayImage::new(2000, 501))).unwrap();
        assert!(bomb.len() < 20_000, "few bytes, many points");
        assert_eq!(code(&bomb), Why::PaperFilePixels);
        let mut wide = jpeg(16, 16);
        let at = pdf::position(&wide, &[0xFF, 0xC0]).unwrap();
        wide[at + 5..at + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(code(&wide), Why::PaperFilePixels, "its size is looked at before a point is decoded");
        assert_eq!(code(b"\xFF\xD8\xFF<script>"), Why::PaperFileBroken);
        assert_eq!(code(b"%PDF-1.7"), Why::PaperPhotoKind);
        assert_eq!(code(b"GIF89a"), Why::PaperPhotoKind);
        assert_eq!(code(&vec![0xFF; 2 * 1024 * 1024 + 1]), Why::PaperFileLarge);
    }

    #[test]
    fn grey_pictures_and_those_with_transparency_are_kept() {
        let grey = written(Kind::Jpeg, DynamicImage::ImageLuma8(GrayImage::new(8, 8))).unwrap();
        assert_eq!(tidy(&grey, BOUNDS).unwrap().kind, Kind::Jpeg);
        let clear = RgbaImage::from_pixel(8, 6, Rgba([1, 2, 3, 4]));
        let png = written(Kind::Png, DynamicImage::ImageRgba8(clear)).unwrap();
        let mut tailed = png.clone();
        tailed.extend_from_slice(b"PK\x03\x04 a hidden archive");
        let kept = tidy(&tailed, BOUNDS).unwrap();
        assert_eq!((kept.kind, kept.size), (Kind::Png, Some((8, 6))));
        assert!(pdf::position(&kept.bytes, b"PK\x03\x04").is_none());
    }

    #[test]
    fn what_is_too_large_broken_or_something_else_is_refused() {
        assert_eq!(code(&vec![0xFF; 2 * 1024 * 1024 + 1]), Why::PaperFileLarge);
        let large = written(Kind::Png, DynamicImage::ImageLuma8(GrayImage::new(2000, 501))).unwrap();
        assert_eq!(code(&large), Why::PaperFilePixels);
        let whole = jpeg(64, 64);
        assert_eq!(code(&whole[..20]), Why::PaperFileBroken);
        assert_eq!(code(b"\0\0\0\x18ftypheic\0\0\0\0"), Why::PaperFileHeic);
        for other in [&b""[..], b"GIF89a", b"PK\x03\x04", b"MZ", b"<html>", "户口".as_bytes()] {
            assert_eq!(code(other), Why::PaperFileKind);
        }
    }

    #[test]
    fn a_bound_is_the_largest_that_is_kept() {
        let png = |width, height| written(Kind::Png, DynamicImage::ImageLuma8(GrayImage::new(width, height))).unwrap();
        let sent = png(100, 10);
        let length = u64::try_from(sent.len()).unwrap();
        for (bytes, pixels, expected) in [
            (length, 1_000, None),
            (length - 1, 1_000, Some(Why::PaperFileLarge)),
            (length, 999, Some(Why::PaperFilePixels)),
            (0, 0, Some(Why::PaperFileLarge)),
            (u64::MAX, u64::MAX, None),
        ] {
            let found = tidy(&sent, Bounds { bytes, pixels }).err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{bytes} bytes, {pixels} pixels");
        }
        let refusal = tidy(&sent, Bounds { bytes: 0, pixels: 0 }).unwrap_err();
        assert_eq!(
            (refusal.field.as_deref(), refusal.detail.get("limit").map(String::as_str)),
            (Some("file"), Some("0"))
        );
    }

    #[test]
    fn only_the_beginning_tells_what_a_file_is() {
        for brand in ["heic", "mif1", "avif"] {
            assert_eq!(code(format!("\0\0\0\x18ftyp{brand}\0\0").as_bytes()), Why::PaperFileHeic, "{brand}");
        }
        let table: [(&[u8], Code); 7] = [
            (b"\0\0\0\x18ftypisom\0\0\0\0", Why::PaperFileKind), // It is a film.
            (b"\0\0\0\x18ftyp", Why::PaperFileKind),
            (b"\xFF\xD8", Why::PaperFileKind),
            (b"\xFF\xD8\xFF", Why::PaperFileBroken),
            (b"\x89PNG\r\n\x1A\n", Why::PaperFileBroken),
            (b"\x89PNG\n\x1A\n", Why::PaperFileKind),
            (b" %PDF-1.7", Why::PaperFileKind),
        ];
        for (sent, expected) in table {
            assert_eq!(code(sent), expected, "{sent:?}");
        }
    }
}
