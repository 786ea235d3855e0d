//! This file tells in Chinese what the commands of `lianglin plan` do and take, for those who ask for help in Chinese.
//! The doc comments of the commands say the same in English.

use clap::{Arg, ArgAction, Command};
use kernel::language::Lang;

use super::words::{EXITS_ZH, STEPS_ZH, TABLES_ZH};

/// Lays out the help of a command.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
/// Stands above what a command takes without a name.
const ARGUMENTS: &str = "参数";
/// Stands above its options.
const OPTIONS: &str = "选项";
/// Names the options that say by themselves what holds without them.
const SAID: [&str; 2] = ["lang", "proof"];

/// A command in Chinese.
struct Told {
    name: &'static str,
    usage: &'static str,
    /// What stands in the list of commands.
    short: &'static str,
    /// What it reads and writes.
    about: &'static str,
    example: &'static str,
    /// What it takes that the others do not.
    own: &'static [(&'static str, &'static str)],
}

/// Is what all commands take, or several.
const ALL: [(&str, &str); 16] = [
    ("config", "配置文件（不写就用这个文件夹里的 lianglin.toml；环境变量 LIANGLIN_CONFIG）。"),
    ("database", "SQLite 文件，或者 postgres://… 地址（环境变量 LIANGLIN_DATABASE）。"),
    ("key_file", "保险库主密钥的文件（环境变量 LIANGLIN_KEY_FILE）。"),
    ("data", "代替内置数据的文件夹：规则库、事项目录、流程、角色、日历（环境变量 LIANGLIN_DATA）。"),
    ("files", "放密封材料的文件夹（不写就在数据库旁边；环境变量 LIANGLIN_FILES）。"),
    ("folder", "放表格的文件夹，或者单独一张楼栋表（XLSX、CSV）。有哪些列，见 `lianglin plan look --help`。"),
    ("map", "OpenStreetMap 的地图文件；不在那个文件夹里，或者有好几个的，在这里指明。"),
    (
        "crs",
        "坐标是哪一种：wgs84（cgcs2000 也是）、gcj02（高德、腾讯）、bd09（百度）、utm51n、gk123（中央经线 123° \
         的高斯投影）、EPSG 编号如 epsg:4549、plan（本市自己的平面，米），或者 plan@纬度,经度（写明两个数都是 0 \
         的那一点）。不写的，按数的范围和地图来认，怎样认的会说明。",
    ),
    ("lang", "给人看的答案和错误用哪种语言：zh 或者 en。不写的看系统的 LANG。"),
    (
        "out",
        "放结果的文件夹，没有就新建。除了这个命令自己的文件，还有 `answer.csv`、`answer.xlsx`、`answer.geojson`、\
         `answer.html`，里面是你们自己的编号、名称、地址；做出来的表放在其中的 `tables`。",
    ),
    ("json", "把结果打印成 JSON，给程序读。"),
    (
        "check",
        "不规划，用另外一套程序核对 --out 里的结果：每一列、每个数、每句话都和表里的比。退出码 0：它说的都对，超出\
         范围的确实不能避免；1：结果不对；2：命令、表格或地图有错；3：它说的有的没有证明。",
    ),
    ("minutes", "最远走多少分钟。"),
    ("walker", "谁走：adult 是成年人，每秒 1.2 米；elderly 是老人，每秒 0.8 米。"),
    ("class_percent", "第 0、1、2 … 类路花平时的百分之几，用来算坡和雪；几个数用逗号隔开。"),
    ("seed", "写同一个数，结果相同。"),
];

/// Is the commands in their order.
const COMMANDS: [Told; 6] = [
    Told {
        name: "look",
        usage: "lianglin plan look [选项] <文件夹>",
        short: "看一个文件夹里有什么、还缺什么，画出来",
        about: "看一个文件夹里有什么，每项任务还缺什么，并且画出来：写 `look.svg` 和 `look.geojson`。",
        example: "例子：lianglin plan look town",
        own: &[("out", "图和做出来的表放在哪个文件夹（不写就是表格旁边的 `look`）。")],
    },
    Told {
        name: "grids",
        usage: "lianglin plan grids [选项] --out <结果> <文件夹>",
        short: "把社区划成网格",
        about: "把社区划成网格：读 `buildings` 和 `adjacency`，写 `grids.bin`、`pieces.csv`、`grids.geojson`、\
                `summary.json`，加 --old 还有 `moves.csv`、`old_grids.bin`，加 --proof 还有 `grid_prices.csv`。\
                给人看的清单是 `answer.xlsx`。",
        example: "例子：lianglin plan grids town --out town/plan
      lianglin plan grids city --out plan --old plan/grids.bin",
        own: &[
            ("least", "一个网格最少多少户。"),
            ("most", "一个网格最多多少户。"),
            ("target", "一个网格最好多少户。"),
            ("deviation", "每偏离平均一户，抵多少米边界。"),
            ("effort", "每栋楼试多少步；300 就好，3000 更好。"),
            (
                "proof",
                "小片算到证明是最好的为止：相连的楼栋组合不超过这么多的片（不写数就是 500000）。要多花几倍的时间，\
                 好不到千分之一。不加的，只证明划成一个网格的片和没有环的片，有几片写在结果里。",
            ),
            ("old", "现在的网格（`grids.bin`）。合适的尽量不动；换网格的楼栋写在 `moves.csv`。"),
            ("weight", "按 `buildings` 的哪一列来平衡。"),
        ],
    },
    Told {
        name: "mobilize",
        usage: "lianglin plan mobilize [选项] --out <结果> <文件夹>",
        short: "把志愿者派到小区",
        about: "把志愿者派到小区：读路网、`compounds`、`gates`、`volunteers`，写 `assignment.csv`、\
                `assignment.geojson`、`prices.csv`、`summary.json`，加 --fair 还有 `fair_prices.csv`、\
                `fair_witness.csv`。",
        example: "例子：lianglin plan mobilize city --out plan --slots",
        own: &[
            ("slots", "每个小区分三班、要有医护，不只要一班。"),
            ("fair", "先让最远的一趟尽量短，再让总的路程最短。"),
            ("home", "一名志愿者留在家里，算多走多少个十分之一秒。"),
            ("short", "少一名志愿者，算多走多少个十分之一秒。"),
        ],
    },
    Told {
        name: "reach",
        usage: "lianglin plan reach [选项] --out <结果> <文件夹>",
        short: "算谁能在这么多时间里走到驿站",
        about: "算谁能在这么多时间里走到驿站：读路网、`buildings`、`stations`，写 `coverage.csv`、`times.bin`、\
                `reach.geojson`、`summary.json`。",
        example: "例子：lianglin plan reach city --out plan --walker elderly",
        own: &[(
            "at",
            "只算这个时间（如 18:30）开着的驿站，看 `stations` 的 `opens`、`closes` 两列（一天里的第几分钟）。",
        )],
    },
    Told {
        name: "sample",
        usage: "lianglin plan sample [选项] --out <文件夹>",
        short: "编一座城市，用来试",
        about: "编一座城市，用来试这些命令。",
        example: "例子：lianglin plan sample --size M --out city",
        own: &[
            ("out", "放表格的文件夹，没有就新建。"),
            ("size", "S 是一个街道，M 是一个区，L 是九百万人的城市，XL 是十座这样的城市。"),
        ],
    },
    Told {
        name: "site",
        usage: "lianglin plan site [选项] --out <结果> <--open <几个>|--share <百分之几>> <文件夹>",
        short: "找下一个驿站开在哪里",
        about: "找下一个驿站开在哪里：读同样的表和 `candidates`，写 `sites.csv`、`sites.geojson`、\
                `site_prices.csv`、`summary.json`；试出来的比价格证明的多的，还有 `site_proof.csv`。",
        example: "例子：lianglin plan site city --out plan --open 10",
        own: &[
            ("open", "再开这么多个驿站，让走得到的住户最多。"),
            ("walking", "和 --open 一起用：选让路程缩短最多的（p 中位）。路程只算到 --minutes 为止。"),
            ("share", "再开最少的驿站，让全部住户的百分之这么多走得到。"),
            (
                "proof",
                "再往下证明没有更好的选法：最多再算这么多百万个和，把价格没有定下来的算清（不写数就是 100000；不加的\
                 是 4000，用 --share 的不算）。到那时还没有定下来的，写成差距。和 --check 一起用，是结果没有带 \
                 `site_proof.csv` 时核对自己最多试多少；价格、这些步骤和它自己都证明不了的，它不说是最好的，会说哪些\
                 说了却没有证明（退出码 3）。",
            ),
        ],
    },
];

/// Returns the command line with the help of `plan` in the language that somebody typed behind `--lang`, else in that
/// of the system. The help of other commands is English.
pub(in crate::commands) fn in_language(line: Command, typed: &[String], system: Option<&str>) -> Command {
    let is_plan = typed.iter().any(|word| word == "plan");
    if !is_plan || language(typed, system) != Lang::Zh {
        return line;
    }
    line.mut_args(|arg| taken(&[], arg)).mut_subcommand("plan", chinese)
}

/// Returns the language in which somebody asks for help.
fn language(typed: &[String], system: Option<&str>) -> Lang {
    let behind = typed.iter().skip_while(|word| *word != "--lang").nth(1).map(String::as_str);
    let joined = || typed.iter().find_map(|word| word.strip_prefix("--lang="));
    behind.or_else(joined).or(system).and_then(Lang::parse).unwrap_or(Lang::En)
}

/// Tells the command `plan` in Chinese: which commands it has.
fn chinese(plan: Command) -> Command {
    let list: Vec<String> = COMMANDS.iter().map(|one| format!("  {:<10}{}\n", one.name, one.short)).collect();
    let (list, help) = (list.concat(), "  help      显示这些说明，或者一个命令的说明");
    let template = format!("{{about-with-newline}}\n用法：{{usage}}\n\n命令：\n{list}{help}\n\n选项：\n{{options}}");
    let about = "按一个文件夹里的表格规划网格、动员、步行圈和选址。";
    let plan = plan.about(about).long_about(about).override_usage("lianglin plan [选项] <命令>");
    plan.help_template(template).mut_subcommands(each).disable_help_flag(true).arg(help_option())
}

/// Tells one of its commands in Chinese.
fn each(command: Command) -> Command {
    let Some(told) = COMMANDS.iter().find(|one| one.name == command.get_name()) else { return command };
    let below = match told.name {
        "sample" => format!("{}\n\n{EXITS_ZH}", told.example),
        "site" => format!("{}\n\n{TABLES_ZH}\n\n{EXITS_ZH}\n\n{STEPS_ZH}", told.example),
        _ => format!("{}\n\n{TABLES_ZH}\n\n{EXITS_ZH}", told.example),
    };
    let command = command.about(told.about).long_about(told.about).override_usage(told.usage);
    let command = command.help_template(TEMPLATE).after_help(told.example).after_long_help(below);
    command.mut_args(|arg| taken(told.own, arg)).disable_help_flag(true).arg(help_option())
}

/// Tells in Chinese what a command takes. `own` is what it alone takes.
fn taken(own: &[(&'static str, &'static str)], arg: Arg) -> Arg {
    let id = arg.get_id().as_str().to_owned();
    let Some((_, text)) = own.iter().chain(&ALL).find(|one| one.0 == id) else { return arg };
    let usual: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let is_said = usual.is_empty() || SAID.contains(&id.as_str());
    let text = if is_said { (*text).to_owned() } else { format!("{text}不写就是 {}。", usual.join(",")) };
    let heading = if arg.is_positional() { ARGUMENTS } else { OPTIONS };
    let takes_values = arg.get_action().takes_values();
    let arg = arg.help(text.clone()).long_help(text).help_heading(heading).hide_env(true);
    // A switch has no values that could be hidden.
    if takes_values { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

/// Returns the option that shows all this.
fn help_option() -> Arg {
    let arg = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    arg.help("显示这些说明（`--help` 比 `-h` 详细）").help_heading(OPTIONS)
}
