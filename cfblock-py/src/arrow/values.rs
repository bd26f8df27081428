//! Values of Arrow arrays, read without a copy.
//!
//! What arrives through the C interface was made elsewhere, so every offset is
//! checked where it is used: a corrupt array is an error, never a wild read.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use std::ops::Range;

use arrow_buffer::{Buffer, NullBuffer, bit_util};
use arrow_data::ArrayData;
use arrow_schema::{DataType, TimeUnit};
use cfblock_core::Time;

/// An array whose offsets, keys or lengths contradict each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corrupt;

pub(super) type Read<T> = Result<Option<T>, Corrupt>;

pub(super) fn is_null(nulls: Option<&NullBuffer>, row: usize) -> Result<bool, Corrupt> {
    match nulls {
        None => Ok(false),
        Some(nulls) if row < nulls.len() => Ok(nulls.is_null(row)),
        Some(_) => Err(Corrupt),
    }
}

/// Where the values of each row begin and end.
enum Offsets<'a> {
    Small(&'a [i32]),
    Large(&'a [i64]),
}

impl Offsets<'_> {
    fn range(&self, row: usize) -> Result<Range<usize>, Corrupt> {
        let pair = match self {
            Self::Small(offsets) => offsets.get(row..row + 2).map(|pair| (pair[0].into(), pair[1].into())),
            Self::Large(offsets) => offsets.get(row..row + 2).map(|pair| (pair[0], pair[1])),
        };
        let (start, end): (i64, i64) = pair.ok_or(Corrupt)?;
        let place = |offset| usize::try_from(offset).map_err(|_| Corrupt);
        Ok(place(start)?..place(end)?)
    }
}

/// Whole numbers of any width.
pub(super) struct Integers<'a> {
    nulls: Option<&'a NullBuffer>,
    numbers: Numbers<'a>,
}

enum Numbers<'a> {
    Missing,
    I8(&'a [i8]),
    I16(&'a [i16]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
}

impl<'a> Integers<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        Self::of_type(data.data_type(), data)
    }

    fn of_type(data_type: &DataType, data: &'a ArrayData) -> Option<Self> {
        let numbers = match data_type {
            DataType::Null => Numbers::Missing,
            DataType::Int8 => Numbers::I8(data.buffer(0)),
            DataType::Int16 => Numbers::I16(data.buffer(0)),
            DataType::Int32 => Numbers::I32(data.buffer(0)),
            DataType::Int64 => Numbers::I64(data.buffer(0)),
            DataType::UInt8 => Numbers::U8(data.buffer(0)),
            DataType::UInt16 => Numbers::U16(data.buffer(0)),
            DataType::UInt32 => Numbers::U32(data.buffer(0)),
            DataType::UInt64 => Numbers::U64(data.buffer(0)),
            _ => return None,
        };
        Some(Self { nulls: data.nulls(), numbers })
    }

    /// `None` where there is none, or one that no `T` can hold.
    pub(super) fn get<T: TryFrom<i64>>(&self, row: usize) -> Read<T> {
        if is_null(self.nulls, row)? {
            return Ok(None);
        }
        let number = match self.numbers {
            Numbers::Missing => return Ok(None),
            Numbers::I8(numbers) => numbers.get(row).map(|number| i64::from(*number)),
            Numbers::I16(numbers) => numbers.get(row).map(|number| i64::from(*number)),
            Numbers::I32(numbers) => numbers.get(row).map(|number| i64::from(*number)),
            Numbers::I64(numbers) => numbers.get(row).copied(),
            Numbers::U8(numbers) => numbers.get(row).map(|number| i64::from(*number)),
            Numbers::U16(numbers) => numbers.get(row).map(|number| i64::from(*number)),
            Numbers::U32(numbers) => numbers.get(row).map(|number| i64::from(*number)),
            Numbers::U64(numbers) => numbers.get(row).map(|number| i64::try_from(*number).unwrap_or(-1)),
        };
        Ok(T::try_from(number.ok_or(Corrupt)?).ok())
    }
}

/// The bytes of one view.
const VIEW: usize = 16;

/// Byte strings or texts in any of their layouts.
pub(super) struct Texts<'a> {
    nulls: Option<&'a NullBuffer>,
    layout: Layout<'a>,
}

enum Layout<'a> {
    Missing,
    Joined { offsets: Offsets<'a>, bytes: &'a [u8] },
    Views { views: &'a [u8], buffers: &'a [Buffer] },
    Dictionary { keys: Integers<'a>, words: Box<Texts<'a>> },
}

impl<'a> Texts<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        let bytes = || data.buffers()[1].as_slice();
        let layout = match data.data_type() {
            DataType::Null => Layout::Missing,
            DataType::Binary | DataType::Utf8 => {
                Layout::Joined { offsets: Offsets::Small(data.buffer(0)), bytes: bytes() }
            }
            DataType::LargeBinary | DataType::LargeUtf8 => {
                Layout::Joined { offsets: Offsets::Large(data.buffer(0)), bytes: bytes() }
            }
            DataType::BinaryView | DataType::Utf8View => {
                let views = data.buffers()[0].get(VIEW * data.offset()..)?;
                Layout::Views { views, buffers: &data.buffers()[1..] }
            }
            DataType::Dictionary(key, _) => {
                let keys = Integers::of_type(key, data)?;
                Layout::Dictionary { keys, words: Box::new(Self::of(&data.child_data()[0])?) }
            }
            _ => return None,
        };
        Some(Self { nulls: data.nulls(), layout })
    }

    #[inline]
    pub(super) fn get(&self, row: usize) -> Read<&'a [u8]> {
        if is_null(self.nulls, row)? {
            return Ok(None);
        }
        let bytes = match &self.layout {
            Layout::Missing => return Ok(None),
            Layout::Joined { offsets, bytes } => bytes.get(offsets.range(row)?),
            Layout::Views { views, buffers } => {
                views.get(VIEW * row..VIEW * (row + 1)).and_then(|view| viewed(view, buffers))
            }
            Layout::Dictionary { keys, words } => {
                return keys.get(row)?.map_or(Err(Corrupt), |key| words.get(key));
            }
        };
        bytes.map(Some).ok_or(Corrupt)
    }

    /// The same as text; what is no UTF-8 counts as missing.
    pub(super) fn text(&self, row: usize) -> Read<&'a str> {
        Ok(self.get(row)?.and_then(|bytes| std::str::from_utf8(bytes).ok()))
    }
}

/// The bytes of a view: up to twelve stand in it, more in one of the buffers.
fn viewed<'a>(view: &'a [u8], buffers: &'a [Buffer]) -> Option<&'a [u8]> {
    let number = |at: usize| {
        let bytes = view.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(i32::from_ne_bytes(bytes)).ok()
    };
    let length = number(0)?;
    if length <= 12 {
        return view.get(4..4 + length);
    }
    let start = number(12)?;
    buffers.get(number(8)?)?.get(start..start.checked_add(length)?)
}

/// A flag for each row.
pub(super) struct Flags<'a> {
    nulls: Option<&'a NullBuffer>,
    offset: usize,
    bits: Option<&'a [u8]>,
}

impl<'a> Flags<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        let bits = match data.data_type() {
            DataType::Null => None,
            DataType::Boolean => Some(data.buffers()[0].as_slice()),
            _ => return None,
        };
        Some(Self { nulls: data.nulls(), offset: data.offset(), bits })
    }

    pub(super) fn get(&self, row: usize) -> Read<bool> {
        let Some(bits) = self.bits else { return Ok(None) };
        if is_null(self.nulls, row)? {
            return Ok(None);
        }
        let at = self.offset + row;
        if at / 8 < bits.len() { Ok(Some(bit_util::get_bit(bits, at))) } else { Err(Corrupt) }
    }
}

/// Moments: timestamps with a time zone, or RFC 3339 texts.
pub(super) enum Moments<'a> {
    Counted(Integers<'a>, i64),
    Written(Texts<'a>),
}

impl<'a> Moments<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        let DataType::Timestamp(unit, Some(_)) = data.data_type() else {
            return Texts::of(data).map(Self::Written);
        };
        let a_second = match unit {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        };
        Some(Self::Counted(Integers::of_type(&DataType::Int64, data)?, a_second))
    }

    /// Seconds since 1970; a text of another form counts as missing.
    pub(super) fn get(&self, row: usize) -> Read<i64> {
        Ok(match self {
            Self::Counted(numbers, a_second) => {
                numbers.get::<i64>(row)?.map(|number| number.div_euclid(*a_second))
            }
            Self::Written(texts) => texts
                .text(row)?
                .and_then(|text| text.parse::<Time>().ok())
                .map(|time| time.unix_millis().div_euclid(1000)),
        })
    }
}

/// Lists of any layout with two offsets a row, maps among them.
pub(super) struct Lists<'a> {
    nulls: Option<&'a NullBuffer>,
    offsets: Option<Offsets<'a>>,
    /// What the lists hold, one after the other; none for a column of nulls.
    pub(super) items: Option<&'a ArrayData>,
}

impl<'a> Lists<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        let offsets = match data.data_type() {
            DataType::Null => return Some(Self { nulls: None, offsets: None, items: None }),
            DataType::List(_) | DataType::Map(..) => Offsets::Small(data.buffer(0)),
            DataType::LargeList(_) => Offsets::Large(data.buffer(0)),
            _ => return None,
        };
        Some(Self { nulls: data.nulls(), offsets: Some(offsets), items: data.child_data().first() })
    }

    /// The places of a row's items.
    pub(super) fn get(&self, row: usize) -> Read<Range<usize>> {
        let (Some(offsets), Some(items)) = (&self.offsets, self.items) else { return Ok(None) };
        if is_null(self.nulls, row)? {
            return Ok(None);
        }
        let range = offsets.range(row)?;
        if range.start <= range.end && range.end <= items.len() { Ok(Some(range)) } else { Err(Corrupt) }
    }
}
