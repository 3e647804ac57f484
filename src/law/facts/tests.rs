use super::Mismatch;
use super::quantity::number_mismatches;

fn wrong(sentence: &str, norm: &str) -> Vec<Mismatch> {
    number_mismatches(sentence, norm)
}

#[test]
fn a_changed_number_is_found_and_the_true_one_is_not() {
    let norm = "Ежегодный отпуск предоставляется продолжительностью 31 календарный день.";
    assert_eq!(
        wrong("Отпуск длится 28 календарных дней.", norm),
        [Mismatch::Number("28 календарных дней".into())]
    );
    assert!(wrong("Отпуск длится 31 день.", norm).is_empty());
    assert!(!wrong("Отпуск длится 31 рабочий день.", norm).is_empty());
}

#[test]
fn words_digits_and_units_are_brought_together() {
    assert!(wrong("Предупредите за 2 недели.", "не позднее чем за две недели").is_empty());
    assert!(wrong("Предупредите за 14 дней.", "не позднее чем за две недели").is_empty());
    assert!(wrong("Срок — 1 месяц.", "в течение месяца").is_empty());
    assert!(wrong("Срок — 3 месяца.", "в трехмесячный срок").is_empty());
    assert!(wrong("Платят вдвое.", "не менее чем в двойном размере").is_empty());
    assert!(wrong("Моложе 18 лет.", "в возрасте до восемнадцати лет").is_empty());
    assert!(!wrong("Срок — 3 года.", "в течение трех месяцев").is_empty());
}

#[test]
fn a_day_of_the_year_must_stand_in_the_norm() {
    let norm = "1, 2, 3, 4, 5, 6 и 8 января - Новогодние каникулы; 8 марта";
    assert!(wrong("Не работают с 1 по 8 января и 8 марта.", norm).is_empty());
    assert!(!wrong("Не работают 9 марта.", norm).is_empty());
}

#[test]
fn dates_references_and_law_numbers_are_no_facts() {
    assert!(wrong("С 1 сентября 2025 года по ст. 152 ТК и № 91-ФЗ.", "порядок").is_empty());
    assert!(wrong("Первый раз прощают.", "порядок").is_empty());
}
