//! The arguments of the command line.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  curl -si https://shop.example/ | cfblock
  curl -sSiL https://shop.example/ | cfblock --url https://shop.example/
  cfblock saved-response.txt --format json
  cfblock --body-only saved-page.html
  cfblock explain 1020

Exit status:
  0  the site itself answered
  1  Cloudflare answered in place of the site
  2  wrong use, or the input could not be read";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  cfblock explain 1020
  cfblock explain waiting_room
  cfblock explain slow_down
  cfblock explain 502 --format json";

const CODES_EXAMPLES: &str = "\
Examples:
  cfblock codes
  cfblock codes | grep rate_limited
  cfblock codes --format json";

const SCAN_EXAMPLES: &str = r#"The members of a record, all of them optional:
  id           text or a number, echoed in the answer
  url          the address that was asked
  status       a number
  headers      [[name, value], …]; missing or empty: not known
  body         text, or body_base64 for bytes; missing: not known
  truncated    true if the body is only its beginning
  peer_ip      the address of the server that answered
  time         such as "2026-11-20T12:00:00Z"
  history      [{"status": 302, "location": "…"}, …], redirects that were followed
  verdict      in place of a response, if it was classified already
  pipeline, vantage    read by other commands; here only their types are checked
A member that is null counts as missing. Members with other names are ignored.

A line that is no such record is answered with
{"id": …, "error": {"line": …, "column": …, "message": …}}, and the rest goes on.

Examples:
  cfblock scan responses.jsonl > verdicts.jsonl
  zcat crawl.jsonl.gz | cfblock scan --format jsonl - | jq -c 'select(.blocked)'

Exit status:
  0  every line was answered with a verdict
  2  some lines could not be read, or the input itself could not"#;

/// Was it the site, or Cloudflare in front of it?
///
/// Reads one HTTP response, as `curl -si` prints it, and says whether Cloudflare answered in place of the
/// site, why, who can change it and what to do next.
#[derive(Debug, Parser)]
#[command(
    name = "cfblock",
    bin_name = "cfblock",
    version,
    after_help = EXAMPLES,
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
    #[command(after_help = SCAN_EXAMPLES)]
    Scan(ScanArgs),
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

#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct ClassifyArgs {
    /// The response, as `curl -si` prints it; `-` or nothing: standard input
    pub(crate) file: Option<PathBuf>,

    /// How to print the verdict
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

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

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct ExplainArgs {
    /// A number (1020), or a word of a verdict (`waiting_room`, `slow_down`, `likely` …)
    pub(crate) word: String,

    /// How to print the explanation
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = CODES_EXAMPLES)]
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
