//! Takes photos in pieces that resume. A piece is sealed as it comes; a photo counts when its bytes are those that the
//! phone named, and an entry when its last photo counts.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use hall::Fault;
use kernel::language::Bilingual;
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use sha2::{Digest, Sha256};
use store::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Grid;
use crate::records::{field, piece};
use crate::words::field::{Entry, PIECE_BYTES, Photo, Piece};

/// A piece as it came.
pub struct NewPiece {
    /// The district that keeps the entry.
    pub district: PlaceId,
    /// The entry.
    pub entry: Uuid,
    /// The photo.
    pub photo: Uuid,
    /// Where in the photo it begins.
    pub start: i64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What is there of a photo after a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Have {
    /// How many bytes are there: the next piece begins here.
    pub bytes: i64,
    /// All of it is there.
    pub whole: bool,
    /// It came, and was not what the phone named: it begins anew.
    pub damaged: bool,
}

/// What a piece is sealed as: it opens in its own place alone.
fn label(photo: Uuid, start: i64) -> String {
    format!("field/photo/{}/{start}", photo.simple())
}

impl Grid {
    /// Takes a piece of a photo in. A piece that is there already, or that would leave a gap, changes nothing: the
    /// answer says where to go on. The last piece of the last photo lets the entry count.
    ///
    /// # Errors
    /// There is no such photo of this worker's, a piece that is empty or larger than it may be, or a failure.
    pub async fn take_piece(self: &Arc<Self>, piece: NewPiece, actor: &Actor, now: Instant) -> Result<Have, Fault> {
        let account = actor.account.ok_or(Fault::NotFound)?;
        let (district, entry, desk) = (piece.district, piece.entry, self.clone());
        let have = self.hall.store.write(move |tx| {
            let found = field::find(tx, district, entry)?.filter(|entry| entry.account == account);
            desk.piece(tx, &found.ok_or(Fault::NotFound)?, &piece)
        });
        let have = have.await?;
        if have.whole {
            self.settle(district, entry, now).await?;
        }
        Ok(have)
    }

    fn piece(&self, tx: &mut dyn Tx, entry: &Entry, piece: &NewPiece) -> Result<Have, Fault> {
        let photos = piece::of_entry(tx, entry.district, entry.id)?;
        let known = photos.iter().find(|photo| photo.id == piece.photo).ok_or(Fault::NotFound)?;
        if known.whole || piece.start != known.there {
            return Ok(Have { bytes: known.there, whole: known.whole, damaged: false });
        }
        let length = i64::try_from(piece.bytes.len()).unwrap_or(i64::MAX);
        if length == 0 || piece.bytes.len() > PIECE_BYTES || known.there.saturating_add(length) > known.bytes {
            return Err(Refusal::new(Code::FormInvalid)
                .field("piece")
                .with_both("label", &Bilingual::new("照片", "Photo"))
                .into());
        }
        let label = label(known.id, piece.start);
        let sealed = self.hall.vault.cover(tx, entry.district, entry.record, &label, &piece.bytes)?;
        let row = Piece { start: piece.start, bytes: length, sealed };
        piece::add_piece(tx, entry.district, entry.id, known.id, &row)?;
        let there = piece.start + length;
        if there < known.bytes {
            return Ok(Have { bytes: there, whole: false, damaged: false });
        }
        let digest = HEXLOWER.encode(&Sha256::digest(self.photo_of(tx, entry, known)?.as_slice()));
        let whole = digest.eq_ignore_ascii_case(&known.digest);
        piece::set_whole(tx, entry.district, entry.id, known.id, whole)?;
        Ok(Have { bytes: if whole { there } else { 0 }, whole, damaged: !whole })
    }

    /// A photo of an entry, put together from its pieces.
    ///
    /// # Errors
    /// It was erased, or a failure.
    pub fn photo_of(&self, tx: &mut dyn Tx, entry: &Entry, photo: &Photo) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let mut whole = Zeroizing::new(Vec::with_capacity(usize::try_from(photo.bytes).unwrap_or_default()));
        for piece in piece::pieces(tx, entry.district, entry.id, photo.id)? {
            let label = label(photo.id, piece.start);
            let opened = self.hall.vault.uncover(tx, entry.district, entry.record, &label, &piece.sealed)?;
            whole.extend_from_slice(&opened);
        }
        Ok(whole)
    }
}
