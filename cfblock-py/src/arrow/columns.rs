//! The verdict's columns: the members of its record that are scalars, and the evidence.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{BooleanBuilder, Int16Builder, StringBuilder, UInt16Builder, UInt32Builder};
use arrow_array::{ArrayRef, DictionaryArray, Int16Array, ListArray, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, FieldRef, Fields};
use cfblock_core::vocab::{Place, Signal};
use cfblock_core::{ClientIp, Colo, Country, Entry, ErrorCode, RayId, Timestamp, Verdict, codes, vocab};

use super::Failure;

/// How a column gets its values from verdicts.
enum Getter {
    Flag(fn(&Verdict) -> Option<bool>),
    Short(fn(&Verdict) -> Option<u16>),
    Number(fn(&Verdict) -> Option<u32>),
    Text(fn(&Verdict) -> Option<&str>),
    Word(&'static LazyLock<Words>, fn(&Verdict) -> Option<i16>),
    Evidence,
}

/// The columns, named and ordered as the members of the record.
static COLUMNS: [(&str, Getter); 27] = {
    use Getter::{Evidence, Flag, Number, Short, Text, Word};
    [
        ("class", Word(&CLASSES, |verdict| place(vocab::Class::ALL, verdict.class))),
        ("intercepted", Flag(|verdict| Some(verdict.is_intercepted()))),
        ("blocked", Flag(|verdict| Some(verdict.is_blocked()))),
        ("reason", Word(&REASONS, |verdict| verdict.entry().and_then(reason))),
        ("error_code", Short(|verdict| verdict.error_code.map(ErrorCode::get))),
        (
            "challenge_type",
            Word(&CHALLENGE_TYPES, |verdict| {
                verdict.challenge_type.and_then(|kind| place(vocab::ChallengeType::ALL, kind))
            }),
        ),
        ("confidence", Word(&CONFIDENCES, |verdict| place(vocab::Confidence::ALL, verdict.confidence))),
        ("producer", Word(&PRODUCERS, |verdict| place(vocab::Producer::ALL, verdict.producer))),
        ("provenance", Word(&PROVENANCES, |verdict| place(vocab::Provenance::ALL, verdict.provenance))),
        ("preview", Flag(|verdict| Some(verdict.preview))),
        ("status", Short(|verdict| verdict.status)),
        ("ray_id", Text(|verdict| verdict.ray_id.as_ref().map(RayId::as_str))),
        ("colo", Text(|verdict| verdict.colo.as_ref().map(Colo::as_str))),
        ("client_ip", Text(|verdict| verdict.client_ip.as_ref().map(ClientIp::as_str))),
        ("country", Text(|verdict| verdict.country.as_ref().map(Country::as_str))),
        ("host", Text(|verdict| verdict.host.as_deref())),
        ("timestamp", Text(|verdict| verdict.timestamp.as_ref().map(Timestamp::as_str))),
        ("error_name", Text(|verdict| verdict.error_name.as_deref())),
        ("error_category", Text(|verdict| verdict.error_category.as_deref())),
        ("retryable", Flag(|verdict| verdict.retryable)),
        ("retry_after", Number(|verdict| verdict.retry_after)),
        ("owner_action_required", Flag(|verdict| verdict.owner_action_required)),
        ("price", Text(|verdict| verdict.price.as_deref())),
        (
            "party",
            Word(&PARTIES, |verdict| verdict.party().and_then(|party| place(vocab::Party::ALL, party))),
        ),
        ("action", Word(&ACTIONS, |verdict| place(vocab::Action::ALL, verdict.action()))),
        ("evidence", Evidence),
        ("docs_url", Word(&DOCUMENTS, |verdict| verdict.entry().and_then(document))),
    ]
};

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
pub(super) fn fields(prefix: &str) -> Vec<FieldRef> {
    let field =
        |(name, getter): &(&str, Getter)| Field::new(format!("{prefix}{name}"), getter.data_type(), true);
    COLUMNS.iter().map(|column| Arc::new(field(column))).collect()
}

fn word_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8))
}

fn evidence_fields() -> Fields {
    Fields::from(vec![
        Field::new("signal", word_type(), true),
        Field::new("where", word_type(), true),
        Field::new("at", DataType::UInt32, true),
    ])
}

fn evidence_item() -> FieldRef {
    Arc::new(Field::new("item", DataType::Struct(evidence_fields()), true))
}

impl Getter {
    fn data_type(&self) -> DataType {
        match self {
            Self::Flag(_) => DataType::Boolean,
            Self::Short(_) => DataType::UInt16,
            Self::Number(_) => DataType::UInt32,
            Self::Text(_) => DataType::Utf8,
            Self::Word(..) => word_type(),
            Self::Evidence => DataType::List(evidence_item()),
        }
    }
}

/// Fills the columns with verdicts.
pub(super) struct Writer {
    columns: Vec<Column>,
}

enum Column {
    Flag(BooleanBuilder, fn(&Verdict) -> Option<bool>),
    Short(UInt16Builder, fn(&Verdict) -> Option<u16>),
    Number(UInt32Builder, fn(&Verdict) -> Option<u32>),
    Text(StringBuilder, fn(&Verdict) -> Option<&str>),
    Word(Int16Builder, &'static LazyLock<Words>, fn(&Verdict) -> Option<i16>),
    Evidence(Box<Evidence>),
}

#[derive(Default)]
struct Evidence {
    lengths: Vec<usize>,
    signals: Int16Builder,
    places: Int16Builder,
    at: UInt32Builder,
}

impl Writer {
    pub(super) fn with_capacity(rows: usize) -> Self {
        let column = |(_, getter): &(&str, Getter)| match getter {
            Getter::Flag(get) => Column::Flag(BooleanBuilder::with_capacity(rows), *get),
            Getter::Short(get) => Column::Short(UInt16Builder::with_capacity(rows), *get),
            Getter::Number(get) => Column::Number(UInt32Builder::with_capacity(rows), *get),
            Getter::Text(get) => Column::Text(StringBuilder::with_capacity(rows, 0), *get),
            Getter::Word(words, get) => Column::Word(Int16Builder::with_capacity(rows), words, *get),
            Getter::Evidence => Column::Evidence(Box::default()),
        };
        Self { columns: COLUMNS.iter().map(column).collect() }
    }

    pub(super) fn add(&mut self, verdicts: &[Verdict]) {
        for column in &mut self.columns {
            match column {
                Column::Flag(flags, get) => flags.extend(verdicts.iter().map(get)),
                Column::Short(numbers, get) => numbers.extend(verdicts.iter().map(get)),
                Column::Number(numbers, get) => numbers.extend(verdicts.iter().map(get)),
                Column::Text(texts, get) => texts.extend(verdicts.iter().map(get)),
                Column::Word(keys, _, get) => keys.extend(verdicts.iter().map(get)),
                Column::Evidence(evidence) => evidence.add(verdicts),
            }
        }
    }

    pub(super) fn finish(self) -> Result<Vec<ArrayRef>, Failure> {
        self.columns.into_iter().map(Column::finish).collect()
    }
}

impl Column {
    fn finish(self) -> Result<ArrayRef, Failure> {
        Ok(match self {
            Self::Flag(mut flags, _) => Arc::new(flags.finish()),
            Self::Short(mut numbers, _) => Arc::new(numbers.finish()),
            Self::Number(mut numbers, _) => Arc::new(numbers.finish()),
            Self::Text(mut texts, _) => Arc::new(texts.finish()),
            Self::Word(mut keys, words, _) => encoded(keys.finish(), words)?,
            Self::Evidence(evidence) => evidence.finish()?,
        })
    }
}

impl Evidence {
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

    fn finish(mut self) -> Result<ArrayRef, Failure> {
        let members = vec![
            encoded(self.signals.finish(), &SIGNALS)?,
            encoded(self.places.finish(), &PLACES)?,
            Arc::new(self.at.finish()),
        ];
        let items = StructArray::try_new(evidence_fields(), members, None)?;
        let offsets = OffsetBuffer::from_lengths(self.lengths);
        Ok(Arc::new(ListArray::try_new(evidence_item(), offsets, Arc::new(items), None)?))
    }
}

fn encoded(keys: Int16Array, words: &Words) -> Result<ArrayRef, Failure> {
    Ok(Arc::new(DictionaryArray::try_new(keys, Arc::clone(&words.0))?))
}
