-- The days that a span touches.
CREATE MACRO days_between(opening, ending) AS
list_transform(generate_series(date_trunc('day', opening), ending, INTERVAL 1 DAY), lambda moment: moment::DATE)
