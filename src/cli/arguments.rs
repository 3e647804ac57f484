use super::arguments_kb::{AmendedArgs, ToldArgs, kind};
use super::calc::CalcArgs;
use super::kb_align::AlignArguments;
use super::kb_local::LocalCommand;
use super::kb_rates::RatesCommand;
use crate::config::{Config, variable};
use crate::knowledge::PracticeKind;
use crate::retrieve::DigestPart;
use clap::{Arg, ArgMatches, Parser, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;

/// Союзник: консультации по трудовому праву для профсоюза.
#[derive(Debug, Parser)]
#[command(name = "soyuznik", version, max_term_width = 100)]
pub struct Cli {
    /// Файл настроек.
    #[arg(long, global = true, value_name = "ФАЙЛ")]
    pub config: Option<PathBuf>,
    /// Вывод в JSON.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Попробовать всё сразу: модели, закон, люди, один вопрос от начала до конца.
    Demo {
        /// Файл с текстом закона (официальный HTML).
        #[arg(long, value_name = "ФАЙЛ")]
        law: Option<PathBuf>,
        /// Остановиться после напечатанного проекта ответа.
        #[arg(long)]
        once: bool,
        /// Не проводить вопрос-образец, только показать страницы.
        #[arg(long, hide = true)]
        listen_only: bool,
    },
    /// Запустить сервер.
    Serve,
    /// Задать вопрос и получить проект ответа.
    Ask {
        #[arg(required = true, value_name = "ВОПРОС")]
        question: Vec<String>,
        /// День, на который действует закон.
        #[arg(long, value_name = "ДАТА")]
        on: Option<Date>,
        /// Спросить от имени узла: видны его локальные акты и акты узлов над ним.
        #[arg(long, value_name = "УЗЕЛ")]
        as_node: Option<String>,
    },
    /// Найти нормы и положения.
    Search {
        #[arg(required = true, value_name = "ВОПРОС")]
        question: Vec<String>,
        #[arg(long, value_name = "ДАТА")]
        on: Option<Date>,
        #[arg(long, default_value_t = 10)]
        limit: usize,
        /// Искать от имени узла: видны его локальные акты и акты узлов над ним.
        #[arg(long, value_name = "УЗЕЛ")]
        as_node: Option<String>,
        /// Искать не закон, а разъяснения (clarification) или судебные акты (court).
        #[arg(long, value_name = "ВИД", value_parser = kind)]
        kind: Option<PracticeKind>,
    },
    /// База знаний: тексты законов и положения простыми словами.
    #[command(subcommand)]
    Kb(KbCommand),
    /// Модели: список, загрузка, проверка.
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Сроки: список и расчёт последнего дня.
    #[command(subcommand)]
    Deadline(DeadlineCommand),
    /// Расчёты: компенсация за задержку, отпускные, сверхурочные и другие, по шагам.
    Calc(CalcArgs),
    /// Измерить качество.
    #[command(subcommand)]
    Eval(EvalCommand),
    /// Люди и их роли.
    #[command(subcommand)]
    User(UserCommand),
    /// Дерево организаций.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Сохранить все данные в один файл.
    Backup { file: PathBuf },
    /// Восстановить данные из файла в пустую базу.
    Restore { file: PathBuf },
    /// Журнал действий.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Проверить, всё ли на месте.
    Doctor,
    /// Показать действующие настройки и их ключи.
    Config,
    /// Измерить скорость.
    #[command(subcommand)]
    Bench(BenchCommand),
}

#[derive(Debug, Subcommand)]
pub enum KbCommand {
    /// Добавить тексты: файлы или папки.
    Add {
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Не считать векторы сейчас.
        #[arg(long)]
        no_vectors: bool,
        #[command(flatten)]
        given: GivenFlags,
        #[command(flatten)]
        told: ToldArgs,
    },
    /// Прочитать один файл и показать, что в нём; ничего не сохраняет.
    Read {
        path: PathBuf,
        #[command(flatten)]
        given: GivenFlags,
        #[command(flatten)]
        told: ToldArgs,
    },
    /// Сосчитать статьи, части и пункты, найти пропуски в нумерации, повторы и неразобранные строки.
    Check { act: Option<String> },
    /// Какие акты и редакции есть.
    List,
    /// Показать норму: tk:81, tk:81:1:6:v.
    Show {
        norm: String,
        #[arg(long)]
        on: Option<Date>,
    },
    /// Состояние базы знаний и индекса.
    Status,
    /// Что изменилось в акте между двумя днями, норма за нормой.
    Diff {
        act: String,
        #[arg(long, value_name = "ДЕНЬ")]
        from: Date,
        #[arg(long, value_name = "ДЕНЬ")]
        to: Date,
        /// Записать сравнение страницей HTML.
        #[arg(long, value_name = "ФАЙЛ")]
        html: Option<PathBuf>,
    },
    /// Норма во всех редакциях: tk:152.
    History { norm: String },
    /// Какая норма какую продолжает, где это неясно: посмотреть и решить.
    Align(AlignArguments),
    /// Отметить, что новейшая редакция акта проверена по этот день.
    Verify {
        act: String,
        #[arg(long, value_name = "ДЕНЬ")]
        on: Date,
    },
    /// Взять текст акта с официального портала.
    Pull {
        act: String,
        /// Только спросить и сравнить счёт статей; ничего не менять.
        #[arg(long)]
        dry_run: bool,
        /// Взять, даже если статей меньше, чем есть: человек проверил.
        #[arg(long)]
        accept_fewer: bool,
    },
    /// Какие законы изменили акт с дня, по который известен его текст.
    Amended(AmendedArgs),
    /// Коллективные договоры, соглашения и правила, которые видит только своя ветвь.
    #[command(subcommand)]
    Local(LocalCommand),
    /// Ставки и размеры, по которым идут расчёты.
    #[command(subcommand)]
    Rates(RatesCommand),
    /// Спросить все источники, что нового, и завести задачи.
    Watch,
    /// Досчитать векторы индекса.
    Index,
    /// Проверить положения простыми словами.
    Digest {
        #[command(subcommand)]
        command: DigestCommand,
    },
}

/// Что известно о файле, если он сам об этом не говорит.
#[derive(Debug, Clone, clap::Args)]
pub struct GivenFlags {
    /// Какой это акт, если файл не говорит: tk, fz-10.
    #[arg(long, value_name = "АКТ")]
    pub act: Option<String>,
    /// День редакции, если файл его не называет.
    #[arg(long, value_name = "ДЕНЬ")]
    pub edition: Option<Date>,
    /// Абзац, который написал издатель, а не закон: так копия читается второй раз.
    #[arg(long, value_name = "АБЗАЦ", hide = true)]
    pub without: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum DigestCommand {
    /// Строгий формат, ссылки, числа, второй читатель.
    Check {
        /// Файл с текстом акта, с которым сверять; можно несколько.
        #[arg(long, value_name = "ФАЙЛ")]
        law: Vec<PathBuf>,
    },
    /// Записать свои формулировки тезисов в файл, для другого стола или в архив.
    Export { file: PathBuf },
    /// Взять свои формулировки из файла; какие к этой поставке не подходят, будет сказано.
    Import { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Что есть и откуда берётся.
    List,
    /// Загрузить модель (без имени: те, что выбраны в настройках).
    Pull {
        name: Option<String>,
        /// Согласиться с лицензией без вопроса.
        #[arg(long)]
        accept_licence: bool,
    },
    /// Сверить контрольные суммы.
    Verify { name: Option<String> },
    /// Взять модель из файла или папки.
    Import { name: String, path: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum DeadlineCommand {
    /// Все сроки, которые умеет считать программа.
    List,
    /// Последний день срока.
    Compute {
        /// Срок из списка.
        #[arg(long)]
        rule: String,
        /// День события, от которого идёт срок.
        #[arg(long, value_name = "ДАТА")]
        from: Date,
    },
}

/// A part of the knowledge base that an evaluation of the search leaves out.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum LeftOut {
    Statements,
    Questions,
    Situations,
    Glossary,
    About,
}

impl From<LeftOut> for DigestPart {
    fn from(part: LeftOut) -> Self {
        match part {
            LeftOut::Statements => DigestPart::Statements,
            LeftOut::Questions => DigestPart::Questions,
            LeftOut::Situations => DigestPart::Situations,
            LeftOut::Glossary => DigestPart::Glossary,
            LeftOut::About => DigestPart::About,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Поиск: hit@k, nDCG@10.
    Retrieval {
        #[arg(long)]
        questions: PathBuf,
        /// Веса слияния «part,article,digest,asked,lexical» вместо действующих.
        #[arg(long, hide = true)]
        weights: Option<String>,
        /// Искать без части базы знаний: что она даёт.
        #[arg(long, value_enum, value_delimiter = ',', value_name = "ЧАСТЬ")]
        without: Vec<LeftOut>,
        /// Записать оценки по спискам для подбора весов.
        #[arg(long, hide = true)]
        dump: Option<PathBuf>,
        /// Файл порогов вместо своего.
        #[arg(long, value_name = "ФАЙЛ")]
        thresholds: Option<PathBuf>,
    },
    /// Проекты ответов: нормы, факты, отказы.
    Drafts {
        #[arg(long)]
        questions: PathBuf,
        /// HTML-отчёт.
        #[arg(long)]
        report: Option<PathBuf>,
        /// Построчный JSON со всеми проектами.
        #[arg(long, hide = true)]
        dump: Option<PathBuf>,
        /// Взять только первые N вопросов; пороги тогда не проверяются.
        #[arg(long)]
        limit: Option<usize>,
        /// Сравнить с тем же без модели, вопрос за вопросом.
        #[arg(long)]
        paired: bool,
        /// Не читать вопрос моделью: на выбор положений это не влияет, а времени берёт половину.
        #[arg(long)]
        judge_only: bool,
        /// Файл порогов вместо своего.
        #[arg(long, value_name = "ФАЙЛ")]
        thresholds: Option<PathBuf>,
    },
    /// Пункты локального акта рядом с законом: показано ли нужное и только оно.
    Local {
        /// Обозначение из kb local list; ищется от имени узла, чей это акт.
        #[arg(long, value_name = "АКТ")]
        act: String,
        #[arg(long)]
        questions: PathBuf,
        /// Файл порогов вместо своего.
        #[arg(long, value_name = "ФАЙЛ")]
        thresholds: Option<PathBuf>,
    },
    /// Попытки подмены указаний.
    Attacks {
        #[arg(long)]
        questions: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Завести человека.
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: Option<String>,
        #[arg(long)]
        organisation: String,
        /// member, steward, lawyer, staff, administrator
        #[arg(long)]
        role: String,
    },
    /// Дать роль в организации.
    Grant {
        #[arg(long)]
        person: String,
        #[arg(long)]
        organisation: String,
        #[arg(long)]
        role: String,
    },
    /// Одноразовая ссылка для входа.
    Link { person: String },
    /// Все люди и их роли.
    List,
}

#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// Добавить узел дерева.
    Add {
        #[arg(long)]
        name: String,
        /// federation, branch, territorial, primary
        #[arg(long)]
        kind: String,
        #[arg(long)]
        parent: Option<String>,
        #[arg(long)]
        region: Option<String>,
        #[arg(long)]
        industry: Option<String>,
    },
    /// Дерево.
    List,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Сверить цепочку журнала.
    Verify,
}

#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Вопрос → источники, вопрос → проект, память, запуск.
    Desk {
        #[arg(long, default_value_t = 20)]
        searches: usize,
        #[arg(long, default_value_t = 3)]
        drafts: usize,
        /// Сколько записей закодировать, чтобы оценить время всего указателя; 0 — не мерить.
        #[arg(long, default_value_t = 512)]
        index: usize,
    },
    /// Чтение файлов законов, их добавление и сравнение; данные рабочей базы не трогает.
    Knowledge {
        /// Папка с файлами.
        #[arg(default_value = "../shared/corpus/acts")]
        folder: PathBuf,
    },
}

/// Short names of keys that are typed often.
const SHORT: [(&str, &str); 6] = [
    ("serve.listen", "listen"),
    ("serve.tls_cert", "tls-cert"),
    ("serve.tls_key", "tls-key"),
    ("model.generator", "generator"),
    ("model.encoder", "encoder"),
    ("index.backend", "index"),
];

fn flag(key: &str) -> String {
    key.replace(['.', '_'], "-")
}

/// Adds a flag for every key of the settings: `deliver.hold_s` → `--deliver-hold-s`.
pub fn command(mut command: clap::Command) -> clap::Command {
    for key in Config::keys() {
        // Clap keeps names for the life of the process; a command line is read once.
        let name: &'static str = format!("set:{key}").leak();
        let long: &'static str = flag(&key).leak();
        let mut arg = Arg::new(name)
            .long(long)
            .global(true)
            .value_name("ЗНАЧЕНИЕ")
            .help(format!(
                "Ключ {key} настроек; переменная {}",
                variable(&key)
            ))
            .help_heading("Настройки")
            .hide_short_help(key != "data_dir");
        if let Some((_, short)) = SHORT.iter().find(|(long, _)| *long == key) {
            arg = arg.visible_alias(*short).hide_short_help(false);
        }
        command = command.arg(arg);
    }
    command
}

/// The settings given as flags, on the verb or before it.
pub fn given_settings(matches: &ArgMatches) -> Vec<(String, String)> {
    let mut given = Vec::new();
    for key in Config::keys() {
        let id = format!("set:{key}");
        let mut level = Some(matches);
        let mut value = None;
        while let Some(matches) = level {
            if let Ok(Some(text)) = matches.try_get_one::<String>(&id) {
                value = Some(text.clone());
            }
            level = matches.subcommand().map(|(_, inner)| inner);
        }
        given.extend(value.map(|value| (key, value)));
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_key_is_a_flag_before_and_after_the_verb() {
        let parse = |words: &[&str]| {
            let matches = command(Cli::command()).try_get_matches_from(words).unwrap();
            given_settings(&matches)
        };
        let expected = [("serve.listen".to_owned(), "0.0.0.0:9".to_owned())];
        assert_eq!(
            parse(&["soyuznik", "--serve-listen", "0.0.0.0:9", "serve"]),
            expected
        );
        assert_eq!(
            parse(&["soyuznik", "serve", "--listen", "0.0.0.0:9"]),
            expected
        );
    }

    #[test]
    fn the_command_line_is_sound() {
        command(Cli::command()).debug_assert();
    }
}
