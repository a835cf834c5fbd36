-- Both releases can work with this one, the old one too: it answers until nginx has been switched.
update customers set email = lower(email);

alter table customers
  add constraint customers_email_key unique (email);
