-- Who has looked at which photo of a report: nobody releases a photo that she has not seen. The look itself, with its
-- purpose, stands in the log of looks.
create table grid_photo_look (
  district {int} not null,
  photo {uuid} not null,
  account {uuid} not null,
  primary key (district, photo, account)
) {strict};
