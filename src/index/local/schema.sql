create table header (
  format integer not null,
  model_sha256 text not null,
  dimension integer not null,
  splitter text not null,
  entries integer not null,
  vectors integer not null,
  seals integer not null
);
create table entry (
  number integer primary key,
  id text not null unique,
  kind text not null,
  citation text not null,
  article text not null,
  act text not null,
  owner text not null,
  from_day integer not null,
  until_day integer not null,
  seal integer not null
);
create table vector (number integer primary key, dense blob not null);
create virtual table words using fts5 (
  body, title,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
);
insert into words (words, rank) values ('secure-delete', 1);
