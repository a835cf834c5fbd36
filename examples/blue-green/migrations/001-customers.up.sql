create table customers (
  id integer generated always as identity primary key,
  email text not null
);
