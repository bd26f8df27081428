//! Header fields and redirects, in the shapes in which tables hold them.

use arrow_buffer::NullBuffer;
use arrow_data::ArrayData;
use arrow_schema::{DataType, Fields};
use cfblock_core::Hop;

use super::values::{Corrupt, Integers, Lists, Read, Texts, is_null};

/// Name and value, as the core takes them.
pub(super) type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

/// The headers of each row.
pub(super) enum Headers<'a> {
    Missing,
    /// A list of structs of name and value, or a map.
    Entries {
        lists: Lists<'a>,
        entries: Members<'a>,
        names: Texts<'a>,
        values: Values<'a>,
    },
    /// A list of lists of two texts, as JSON has them.
    Pairs {
        lists: Lists<'a>,
        pairs: Lists<'a>,
        texts: Texts<'a>,
    },
    /// A struct with a member for each name, as dicts of Python become.
    Members {
        members: Members<'a>,
        values: Vec<(&'a str, Values<'a>)>,
    },
}

/// The value of a name, or the values of a repeated one.
pub(super) enum Values<'a> {
    One(Texts<'a>),
    Many { lists: Lists<'a>, texts: Texts<'a> },
}

impl<'a> Values<'a> {
    fn of(data: &'a ArrayData) -> Option<Self> {
        if let Some(texts) = Texts::of(data) {
            return Some(Self::One(texts));
        }
        let lists = Lists::of(data)?;
        let texts = Texts::of(lists.items?)?;
        Some(Self::Many { lists, texts })
    }

    fn add_to(&self, pairs: &mut Pairs<'a>, name: &'a [u8], row: usize) -> Result<(), Corrupt> {
        match self {
            Self::One(texts) => pairs.extend(texts.get(row)?.map(|value| (name, value))),
            Self::Many { lists, texts } => {
                for place in lists.get(row)?.into_iter().flatten() {
                    pairs.extend(texts.get(place)?.map(|value| (name, value)));
                }
            }
        }
        Ok(())
    }
}

/// The members of a struct; they do not follow its offset by themselves.
pub(super) struct Members<'a> {
    nulls: Option<&'a NullBuffer>,
    offset: usize,
    fields: &'a Fields,
    data: &'a [ArrayData],
}

impl<'a> Members<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        let DataType::Struct(fields) = data.data_type() else { return None };
        Some(Self { nulls: data.nulls(), offset: data.offset(), fields, data: data.child_data() })
    }

    fn named(&self, name: &str) -> Option<&'a ArrayData> {
        self.data.get(self.fields.iter().position(|field| field.name() == name)?)
    }

    /// Where the members of a struct stand, unless it is null.
    fn place(&self, row: usize) -> Read<usize> {
        Ok(if is_null(self.nulls, row)? { None } else { Some(self.offset + row) })
    }
}

impl<'a> Headers<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        if *data.data_type() == DataType::Null {
            return Some(Self::Missing);
        }
        if let Some(members) = Members::of(data) {
            let named = members.fields.iter().zip(members.data);
            let values = named.map(|(field, data)| Some((field.name().as_str(), Values::of(data)?)));
            return Some(Self::Members { values: values.collect::<Option<_>>()?, members });
        }
        let lists = Lists::of(data)?;
        let items = lists.items?;
        if let Some(entries) = Members::of(items) {
            let by_name = (entries.named("name"), entries.named("value"));
            let (((Some(name), Some(value)), _) | (_, [name, value])) = (by_name, entries.data) else {
                return None;
            };
            let (names, values) = (Texts::of(name)?, Values::of(value)?);
            return Some(Self::Entries { lists, entries, names, values });
        }
        let pairs = Lists::of(items)?;
        let texts = Texts::of(pairs.items?)?;
        Some(Self::Pairs { lists, pairs, texts })
    }

    /// Fills in the fields of a row; `false` where they are not known.
    pub(super) fn read(&self, row: usize, into: &mut Pairs<'a>) -> Result<bool, Corrupt> {
        into.clear();
        match self {
            Self::Missing => return Ok(false),
            Self::Entries { lists, entries, names, values } => {
                let Some(range) = lists.get(row)? else { return Ok(false) };
                for item in range {
                    if let Some(place) = entries.place(item)?
                        && let Some(name) = names.get(place)?
                    {
                        values.add_to(into, name, place)?;
                    }
                }
            }
            Self::Pairs { lists, pairs, texts } => {
                let Some(range) = lists.get(row)? else { return Ok(false) };
                for item in range {
                    if let Some(pair) = pairs.get(item)?
                        && pair.len() == 2
                        && let (Some(name), Some(value)) =
                            (texts.get(pair.start)?, texts.get(pair.start + 1)?)
                    {
                        into.push((name, value));
                    }
                }
            }
            Self::Members { members, values } => {
                let Some(place) = members.place(row)? else { return Ok(false) };
                for (name, values) in values {
                    values.add_to(into, name.as_bytes(), place)?;
                }
            }
        }
        Ok(true)
    }
}

/// The redirects before each response: lists of structs of status and location.
pub(super) struct History<'a> {
    lists: Lists<'a>,
    hops: Option<(Members<'a>, Option<Integers<'a>>, Option<Texts<'a>>)>,
}

impl<'a> History<'a> {
    pub(super) fn of(data: &'a ArrayData) -> Option<Self> {
        let lists = Lists::of(data)?;
        let Some(items) = lists.items else { return Some(Self { lists, hops: None }) };
        let hops = Members::of(items)?;
        let (status, location) = (hops.named("status"), hops.named("location"));
        if status.is_none() && location.is_none() {
            return None;
        }
        let status = status.map_or(Some(None), |data| Integers::of(data).map(Some))?;
        let location = location.map_or(Some(None), |data| Texts::of(data).map(Some))?;
        Some(Self { lists, hops: Some((hops, status, location)) })
    }

    /// Fills in the redirects of a row.
    pub(super) fn read(&self, row: usize, into: &mut Vec<Hop<'a>>) -> Result<(), Corrupt> {
        into.clear();
        let Some((hops, statuses, locations)) = &self.hops else { return Ok(()) };
        for item in self.lists.get(row)?.into_iter().flatten() {
            let Some(place) = hops.place(item)? else { continue };
            let status = statuses.as_ref().map_or(Ok(None), |statuses| statuses.get(place))?;
            let location = locations.as_ref().map_or(Ok(None), |locations| locations.get(place))?;
            into.push(Hop::new(status, location));
        }
        Ok(())
    }
}
