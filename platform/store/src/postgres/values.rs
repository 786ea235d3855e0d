//! Values on their way to PostgreSQL and back, in the server's binary form.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::error::StoreError;
use crate::value::Val;

type Fault = Box<dyn Error + Sync + Send>;

impl ToSql for Val {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        match (self, kind) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT8) => number.to_sql(kind, out),
            (Self::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(kind, out),
            (Self::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(kind, out),
            (Self::Int(number), &Type::OID) => u32::try_from(*number)?.to_sql(kind, out),
            (Self::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN) => {
                text.to_sql(kind, out)
            }
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(kind, out),
            (Self::Uuid(id), &Type::BYTEA | &Type::UUID) => id.as_bytes().as_slice().to_sql(&Type::BYTEA, out),
            (Self::Bytes(bytes), &Type::UUID) if bytes.len() == 16 => bytes.to_sql(&Type::BYTEA, out),
            _ => Err(format!("{} does not fit a parameter of type {kind}", self.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Checks that every value can be sent as the parameter it is for. This happens before statements are sent together: a
/// statement that the driver refuses would be missing among those that the server stores.
pub(super) fn fit(values: &[Val], kinds: &[Type]) -> Result<(), String> {
    let mut out = BytesMut::new();
    for (value, kind) in values.iter().zip(kinds) {
        out.clear();
        value.to_sql(kind, &mut out).map_err(|fault| fault.to_string())?;
    }
    Ok(())
}

impl<'a> FromSql<'a> for Val {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(kind, raw).map(Self::from),
            Type::INT2 => i16::from_sql(kind, raw).map(Self::from),
            Type::OID => u32::from_sql(kind, raw).map(Self::from),
            Type::BOOL => bool::from_sql(kind, raw).map(Self::from),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                <&str>::from_sql(kind, raw).map(Self::from)
            }
            Type::BYTEA => Ok(Self::Bytes(raw.to_vec())),
            Type::UUID => Ok(Self::Uuid(Uuid::from_slice(raw)?)),
            Type::NUMERIC => whole_number(raw).map(Self::Int),
            Type::VOID => Ok(Self::Null),
            _ => Err(format!("a column of type {kind} is not one that both engines have").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Reads a NUMERIC without a fraction, which `sum` over BIGINT returns: digits to the base of 10,000, the weight of the
/// first digit, and a sign.
fn whole_number(raw: &[u8]) -> Result<i64, Fault> {
    let words: Vec<i16> = raw.chunks_exact(2).map(|pair| i16::from_sql(&Type::INT2, pair)).collect::<Result<_, _>>()?;
    let [_, weight, sign, _, digits @ ..] = words.as_slice() else { return Err("a number is cut off".into()) };
    if *sign != 0 && *sign != 0x4000 {
        return Err("not a number".into());
    }
    let whole = usize::try_from(i64::from(*weight) + 1)?;
    if digits.iter().skip(whole).any(|digit| *digit != 0) {
        return Err("a fraction was found; both engines store integers only".into());
    }
    let mut number: i128 = 0;
    for place in 0..whole {
        let digit = digits.get(place).copied().unwrap_or_default();
        number = number
            .checked_mul(10_000)
            .and_then(|number| number.checked_add(digit.into()))
            .ok_or("a sum is too large")?;
    }
    Ok(i64::try_from(if *sign == 0 { number } else { -number })?)
}

/// Reads one row of the driver as values.
pub(super) fn read(row: &tokio_postgres::Row) -> Result<Vec<Val>, StoreError> {
    (0..row.len())
        .map(|column| row.try_get::<_, Val>(column))
        .collect::<Result<_, _>>()
        .map_err(|error| StoreError::data(error.source().map_or_else(|| error.to_string(), ToString::to_string)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(weight: i16, sign: i16, digits: &[i16]) -> Vec<u8> {
        let count = i16::try_from(digits.len()).unwrap();
        [count, weight, sign, 0].iter().chain(digits).flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn sums_are_whole_numbers() {
        let table = [
            (numeric(0, 0, &[]), Some(0)),
            (numeric(0, 0, &[42]), Some(42)),
            (numeric(1, 0, &[1, 1]), Some(10_001)),
            (numeric(1, 0, &[3]), Some(30_000)),
            (numeric(0, 0x4000, &[7]), Some(-7)),
            (numeric(4, 0, &[922, 3372, 368, 5477, 5807]), Some(i64::MAX)),
            (numeric(4, 0, &[922, 3372, 368, 5477, 5808]), None),
            (numeric(0, 0, &[1, 5000]), None),
            (numeric(-1, 0, &[5000]), None),
            (numeric(0, 0x4000, &[]), Some(0)),
            (vec![0, 1], None),
        ];
        for (raw, expected) in table {
            assert_eq!(whole_number(&raw).ok(), expected, "{raw:?}");
        }
    }
}
