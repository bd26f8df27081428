//! The verdict's columns: the members of its record that are scalars, and the evidence.

use std::marker::PhantomData;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Int16Builder, StringBuilder, UInt16Builder, UInt32Builder,
};
use arrow_array::{Array, ArrayRef, DictionaryArray, Int16Array, ListArray, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{Field, FieldRef, Fields};
use cfblock_core::vocab::{Place, Signal};
use cfblock_core::{ClientIp, Colo, Country, Entry, ErrorCode, RayId, Timestamp, Verdict, codes, vocab};

use super::Failure;

/// Makes a column with room for so many rows.
type Make = fn(usize) -> Box<dyn Column>;

/// The columns, named and ordered as the members of the record.
static COLUMNS: [(&str, Make); 29] = [
    ("class", |rows| word(rows, &CLASSES, |verdict| place(vocab::Class::ALL, verdict.class))),
    ("intercepted", |rows| flag(rows, |verdict| Some(verdict.is_intercepted()))),
    ("blocked", |rows| flag(rows, |verdict| Some(verdict.is_blocked()))),
    ("reason", |rows| word(rows, &REASONS, |verdict| verdict.entry().and_then(reason))),
    ("error_code", |rows| short(rows, |verdict| verdict.error_code.map(ErrorCode::get))),
    ("challenge_type", |rows| {
        word(rows, &CHALLENGE_TYPES, |verdict| {
            verdict.challenge_type.and_then(|kind| place(vocab::ChallengeType::ALL, kind))
        })
    }),
    ("confidence", |rows| {
        word(rows, &CONFIDENCES, |verdict| place(vocab::Confidence::ALL, verdict.confidence))
    }),
    ("producer", |rows| word(rows, &PRODUCERS, |verdict| place(vocab::Producer::ALL, verdict.producer))),
    ("provenance", |rows| {
        word(rows, &PROVENANCES, |verdict| place(vocab::Provenance::ALL, verdict.provenance))
    }),
    ("preview", |rows| flag(rows, |verdict| Some(verdict.preview))),
    ("reached_origin", |rows| {
        word(rows, &REACHED, |verdict| place(vocab::ReachedOrigin::ALL, verdict.reached_origin()))
    }),
    ("site", |rows| word(rows, &SITES, |verdict| place(vocab::SiteState::ALL, verdict.site()))),
    ("status", |rows| short(rows, |verdict| verdict.status)),
    ("ray_id", |rows| text(rows, |verdict| verdict.ray_id.as_ref().map(RayId::as_str))),
    ("colo", |rows| text(rows, |verdict| verdict.colo.as_ref().map(Colo::as_str))),
    ("client_ip", |rows| text(rows, |verdict| verdict.client_ip.as_ref().map(ClientIp::as_str))),
    ("country", |rows| text(rows, |verdict| verdict.country.as_ref().map(Country::as_str))),
    ("host", |rows| text(rows, |verdict| verdict.host.as_deref())),
    ("timestamp", |rows| text(rows, |verdict| verdict.timestamp.as_ref().map(Timestamp::as_str))),
    ("error_name", |rows| text(rows, |verdict| verdict.error_name.as_deref())),
    ("error_category", |rows| text(rows, |verdict| verdict.error_category.as_deref())),
    ("retryable", |rows| flag(rows, |verdict| verdict.retryable)),
    ("retry_after", |rows| number(rows, |verdict| verdict.retry_after)),
    ("owner_action_required", |rows| flag(rows, |verdict| verdict.owner_action_required)),
    ("price", |rows| text(rows, |verdict| verdict.price.as_deref())),
    ("party", |rows| {
        word(rows, &PARTIES, |verdict| verdict.party().and_then(|party| place(vocab::Party::ALL, party)))
    }),
    ("action", |rows| word(rows, &ACTIONS, |verdict| place(vocab::Action::ALL, verdict.action()))),
    ("evidence", |_| Box::<Evidence>::default()),
    ("docs_url", |rows| word(rows, &DOCUMENTS, |verdict| verdict.entry().and_then(document))),
];

/// The values of a dictionary, in the order of its keys.
struct Words(ArrayRef);

impl Words {
    fn new(words: impl IntoIterator<Item = &'static str>) -> Self {
        Self(Arc::new(StringArray::from_iter_values(words)))
    }
}

macro_rules! words {
    ($($name:ident: $set:ident;)+) => {
        $(static $name: LazyLock<Words> =
            LazyLock::new(|| Words::new(vocab::$set::ALL.iter().map(|word| word.as_str())));)+
    };
}
words! {
    CLASSES: Class;
    CHALLENGE_TYPES: ChallengeType;
    CONFIDENCES: Confidence;
    PRODUCERS: Producer;
    PROVENANCES: Provenance;
    REACHED: ReachedOrigin;
    SITES: SiteState;
    PARTIES: Party;
    ACTIONS: Action;
    SIGNALS: Signal;
    PLACES: Place;
}

/// The place of a word in its set, which is in order.
fn place<T: Ord + Copy>(all: &[T], word: T) -> Option<i16> {
    all.binary_search(&word).ok().and_then(|place| i16::try_from(place).ok())
}

static REASONS: LazyLock<Words> = LazyLock::new(|| Words::new(codes::all().map(|entry| entry.reason)));
static DOCUMENTS: LazyLock<Words> = LazyLock::new(|| Words::new(CATALOGUE.documents.iter().copied()));

/// Where the entries of the catalogue stand in the two dictionaries.
struct Catalogue {
    /// For each entry, found by its address: its own place, and that of its document.
    places: Vec<(usize, i16, i16)>,
    documents: Vec<&'static str>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut documents: Vec<_> = codes::all().map(|entry| entry.docs_url).collect();
    documents.sort_unstable();
    documents.dedup();
    let mut places: Vec<_> = (0..)
        .zip(codes::all())
        .filter_map(|(at, entry)| Some((address(entry), at, place(&documents, entry.docs_url)?)))
        .collect();
    places.sort_unstable();
    Catalogue { places, documents }
});

fn address(entry: &'static Entry) -> usize {
    std::ptr::from_ref(entry).addr()
}

fn reason(entry: &'static Entry) -> Option<i16> {
    catalogued(entry).map(|(_, reason, _)| *reason)
}

fn document(entry: &'static Entry) -> Option<i16> {
    catalogued(entry).map(|(_, _, document)| *document)
}

fn catalogued(entry: &'static Entry) -> Option<&'static (usize, i16, i16)> {
    let places = &CATALOGUE.places;
    places.binary_search_by_key(&address(entry), |(address, ..)| *address).ok().and_then(|at| places.get(at))
}

/// The fields of the columns, their names with a prefix.
pub(super) fn fields(prefix: &str) -> Result<Vec<FieldRef>, Failure> {
    let field = |(name, make): &(&str, Make)| {
        let empty = make(0).finish()?;
        Ok(Arc::new(Field::new(format!("{prefix}{name}"), empty.data_type().clone(), true)))
    };
    COLUMNS.iter().map(field).collect()
}

/// Fills the columns with verdicts.
pub(super) struct Writer(Vec<Box<dyn Column>>);

impl Writer {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self(COLUMNS.iter().map(|(_, make)| make(rows)).collect())
    }

    pub(super) fn add(&mut self, verdicts: &[Verdict]) {
        self.0.iter_mut().for_each(|column| column.add(verdicts));
    }

    pub(super) fn finish(mut self) -> Result<Vec<ArrayRef>, Failure> {
        self.0.iter_mut().map(|column| column.finish()).collect()
    }
}

/// A column that is being filled.
trait Column {
    fn add(&mut self, verdicts: &[Verdict]);
    fn finish(&mut self) -> Result<ArrayRef, Failure>;
}

/// Flags or numbers, and how they are had from a verdict.
struct Values<B, T, G> {
    builder: B,
    get: G,
    kind: PhantomData<T>,
}

impl<B, T, G> Column for Values<B, T, G>
where
    B: ArrayBuilder + Extend<Option<T>>,
    G: Fn(&Verdict) -> Option<T>,
{
    fn add(&mut self, verdicts: &[Verdict]) {
        self.builder.extend(verdicts.iter().map(&self.get));
    }

    fn finish(&mut self) -> Result<ArrayRef, Failure> {
        Ok(self.builder.finish())
    }
}

fn flag(rows: usize, get: impl Fn(&Verdict) -> Option<bool> + 'static) -> Box<dyn Column> {
    Box::new(Values { builder: BooleanBuilder::with_capacity(rows), get, kind: PhantomData })
}

fn short(rows: usize, get: impl Fn(&Verdict) -> Option<u16> + 'static) -> Box<dyn Column> {
    Box::new(Values { builder: UInt16Builder::with_capacity(rows), get, kind: PhantomData })
}

fn number(rows: usize, get: impl Fn(&Verdict) -> Option<u32> + 'static) -> Box<dyn Column> {
    Box::new(Values { builder: UInt32Builder::with_capacity(rows), get, kind: PhantomData })
}

struct Texts<G> {
    builder: StringBuilder,
    get: G,
}

impl<G: Fn(&Verdict) -> Option<&str>> Column for Texts<G> {
    fn add(&mut self, verdicts: &[Verdict]) {
        self.builder.extend(verdicts.iter().map(&self.get));
    }

    fn finish(&mut self) -> Result<ArrayRef, Failure> {
        Ok(Arc::new(self.builder.finish()))
    }
}

fn text(rows: usize, get: impl Fn(&Verdict) -> Option<&str> + 'static) -> Box<dyn Column> {
    Box::new(Texts { builder: StringBuilder::with_capacity(rows, 0), get })
}

struct Coded<G> {
    keys: Int16Builder,
    words: &'static Words,
    get: G,
}

impl<G: Fn(&Verdict) -> Option<i16>> Column for Coded<G> {
    fn add(&mut self, verdicts: &[Verdict]) {
        self.keys.extend(verdicts.iter().map(&self.get));
    }

    fn finish(&mut self) -> Result<ArrayRef, Failure> {
        encoded(self.keys.finish(), self.words)
    }
}

fn word(
    rows: usize,
    words: &'static Words,
    get: impl Fn(&Verdict) -> Option<i16> + 'static,
) -> Box<dyn Column> {
    Box::new(Coded { keys: Int16Builder::with_capacity(rows), words, get })
}

fn encoded(keys: Int16Array, words: &Words) -> Result<ArrayRef, Failure> {
    Ok(Arc::new(DictionaryArray::try_new(keys, Arc::clone(&words.0))?))
}

#[derive(Default)]
struct Evidence {
    lengths: Vec<usize>,
    signals: Int16Builder,
    places: Int16Builder,
    at: UInt32Builder,
}

impl Column for Evidence {
    fn add(&mut self, verdicts: &[Verdict]) {
        for verdict in verdicts {
            self.lengths.push(verdict.evidence().len());
            for evidence in verdict.evidence() {
                self.signals.append_option(place(Signal::ALL, evidence.signal));
                self.places.append_option(place(Place::ALL, evidence.place));
                self.at.append_option(evidence.at);
            }
        }
    }

    fn finish(&mut self) -> Result<ArrayRef, Failure> {
        let members: [(&str, ArrayRef); 3] = [
            ("signal", encoded(self.signals.finish(), &SIGNALS)?),
            ("where", encoded(self.places.finish(), &PLACES)?),
            ("at", Arc::new(self.at.finish())),
        ];
        let fields: Fields =
            members.iter().map(|(name, data)| Field::new(*name, data.data_type().clone(), true)).collect();
        let items = StructArray::try_new(fields, members.map(|(_, data)| data).into(), None)?;
        let item = Arc::new(Field::new("item", items.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths(self.lengths.drain(..));
        Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(items), None)?))
    }
}
