//! The arguments of the command line.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use cfblock_core::{Audience, Timestamp};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod help;

/// Was it the site, or Cloudflare in front of it?
///
/// Reads one HTTP response, as `curl -si` prints it, and says whether Cloudflare answered in place of the
/// site, why, who can change it and what to do next.
#[derive(Debug, Parser)]
#[command(
    name = "cfblock",
    bin_name = "cfblock",
    version,
    after_help = help::EXAMPLES,
    override_usage = "cfblock [OPTIONS] [FILE]\n       cfblock <COMMAND>",
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) classify: ClassifyArgs,

    /// When to colour; `auto`: on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

impl Cli {
    /// Parses the arguments.
    ///
    /// Clap's own `args_conflicts_with_subcommands` would refuse `--color` before a subcommand as well.
    pub(crate) fn read<A>(args: impl IntoIterator<Item = A>) -> Result<Self, clap::Error>
    where
        A: Into<OsString> + Clone,
    {
        let cli = Self::try_parse_from(args)?;
        if cli.command.is_some() && cli.classify != ClassifyArgs::default() {
            let message = "a FILE or an option for one response stands before a subcommand; \
                           write the subcommand first, as in `cfblock explain 1020 --format json`";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, message));
        }
        Ok(cli)
    }
}

/// The subcommand that somebody meant who wrote one with a slip.
pub(crate) fn subcommand_like(word: &str) -> Option<String> {
    let command = Cli::command();
    let mut names = command.get_subcommands().map(clap::Command::get_name);
    names.find(|name| strsim::damerau_levenshtein(name, word) <= 2).map(str::to_owned)
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Explain a code, reason, class, action, party or any other word of a verdict
    Explain(ExplainArgs),
    /// List every code and page kind that is known
    Codes(CodesArgs),
    /// Classify many stored responses: one JSON record a line in, one verdict a line out
    #[command(after_help = help::SCAN)]
    Scan(ScanArgs),
    /// Say whom a fault hits, from what several vantages saw, and which probe to make next
    #[command(after_help = help::DIAGNOSE)]
    Diagnose(DiagnoseArgs),
    /// Watch a stream of records: find what turns sick, diagnose it, and say when it is well again
    #[command(after_help = help::WATCH)]
    Watch(WatchArgs),
    /// Write a message to the site's owner about one response
    #[command(after_help = help::TICKET)]
    Ticket(TicketArgs),
    /// Say whether Cloudflare would refuse an address as a site's origin
    #[command(after_help = help::ORIGIN)]
    Origin(OriginArgs),
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page (roff)
    Man {
        /// The subcommand whose page is wanted; without it the page of cfblock itself
        command: Option<String>,
    },
}

/// One response, and what is known beside it.
#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct ResponseArgs {
    /// The response, as `curl -si` prints it; `-` or nothing: standard input
    pub(crate) file: Option<PathBuf>,

    /// The address that was asked, or on which redirects ended
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// The address of the server that answered (`curl -w '%{remote_ip}'`)
    #[arg(long, value_name = "IP")]
    pub(crate) peer_ip: Option<IpAddr>,

    /// The input is a stored body, without status and headers
    #[arg(long)]
    pub(crate) body_only: bool,
}

#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct ClassifyArgs {
    #[command(flatten)]
    pub(crate) response: ResponseArgs,

    /// How to print the verdict
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// For whom to say what to do [default: scraper]
    ///
    /// As JSON the verdict then has the members `triage`, and `owner` for the owner.
    #[arg(long = "for", value_name = "WHOM", value_parser = audience())]
    pub(crate) audience: Option<Audience>,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct PolicyArgs {
    /// What you are willing to do: `full`, `cooperative`, or a FILE in TOML or JSON [default: full]
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = help::EXPLAIN)]
pub(crate) struct ExplainArgs {
    /// A number (1020), or a word of a verdict (`waiting_room`, `slow_down`, `likely` …)
    pub(crate) word: String,

    /// How to print the explanation
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = help::CODES)]
pub(crate) struct CodesArgs {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: CodesFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// The records; `-` or nothing: standard input
    pub(crate) file: Option<PathBuf>,

    /// The form of the records
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    pub(crate) format: ScanFormat,
}

#[derive(Debug, Args)]
pub(crate) struct DiagnoseArgs {
    /// The records; `-` or nothing: standard input
    pub(crate) file: Option<PathBuf>,

    /// How to print the diagnosis
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Diagnose this host alone; records of others are left out
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// The records; `-` or nothing: standard input
    pub(crate) file: Option<PathBuf>,

    /// How to print the events
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: WatchFormat,

    /// Start where a saved state ends
    #[arg(long, value_name = "STATE.json")]
    pub(crate) restore: Option<PathBuf>,

    /// Save the state at the end, and every 30 seconds while records come in
    #[arg(long, value_name = "STATE.json")]
    pub(crate) save: Option<PathBuf>,

    /// In how many seconds a fault should be found, acted on and over [default: 45]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) objective: Option<f64>,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TicketArgs {
    #[command(flatten)]
    pub(crate) response: ResponseArgs,

    /// The method of the request, such as GET
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// What the requests are for
    #[arg(long, value_name = "TEXT")]
    pub(crate) purpose: Option<String>,

    /// Where the owner can answer
    #[arg(long, value_name = "TEXT")]
    pub(crate) contact: Option<String>,

    /// The User-Agent header that was sent
    #[arg(long, value_name = "TEXT")]
    pub(crate) user_agent: Option<String>,

    /// How many requests a minute you send to the site, about
    #[arg(long, value_name = "N")]
    pub(crate) rate: Option<u32>,

    /// When it was asked, such as 2026-11-20T12:00:00Z; otherwise the response's own time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) time: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct OriginArgs {
    /// Addresses of servers, IPv4 or IPv6
    #[arg(required = true, value_name = "ADDRESS")]
    pub(crate) addresses: Vec<String>,

    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Words for a person
    #[default]
    Text,
    /// JSON, on one line unless it goes to a terminal
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodesFormat {
    /// One line an entry
    Table,
    /// JSON with everything that is known, on one line unless it goes to a terminal
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScanFormat {
    /// One JSON object a line
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WatchFormat {
    /// One line an event; on a terminal below them a table that is kept up to date
    Text,
    /// One JSON object an event
    Jsonl,
}

fn audience() -> impl TypedValueParser<Value = Audience> {
    let words = Audience::ALL
        .iter()
        .map(|audience| PossibleValue::new(audience.as_str()).help(audience.explanation()));
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Audience>())
}

/// A time with its zone, in whole seconds.
fn time(text: &str) -> Result<Timestamp, &'static str> {
    const EXPECTED: &str = "expected a time with its zone, such as 2026-11-20T12:00:00Z";
    let time: jiff::Timestamp = text.parse().map_err(|_| EXPECTED)?;
    let seconds = jiff::Timestamp::from_second(time.as_second()).map_err(|_| EXPECTED)?;
    seconds.to_string().parse().map_err(|_| EXPECTED)
}
