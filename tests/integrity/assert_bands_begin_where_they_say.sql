-- What: bands of scores and of company sizes begin and end where their names say.
-- Why: a lead on the border that falls into the wrong band, or into none, bends what is read by band.
-- Mend: look at the macros score_band and company_size.
with

cases as (
    select *
    from {{ listed_rows('bands', ['value', 'band', 'size'], [
        ['cast(-0.5 as ' ~ double_type() ~ ')', "'below 0'", 'cast(null as ' ~ text_type() ~ ')'],
        ['0', "'0-19'", "'1-49'"],
        ['19.5', "'0-19'", "'1-49'"],
        ['20', "'20-39'", "'1-49'"],
        ['40', "'40-59'", "'1-49'"],
        ['49.5', "'40-59'", "'1-49'"],
        ['50', "'40-59'", "'50-249'"],
        ['60', "'60-79'", "'50-249'"],
        ['80', "'80-99'", "'50-249'"],
        ['99.9', "'80-99'", "'50-249'"],
        ['100', "'100+'", "'50-249'"],
        ['250', "'100+'", "'250-999'"],
        ['1000', "'100+'", "'1000-4999'"],
        ['5000', "'100+'", "'5000+'"],
        ['null', 'null', 'null']
    ]) }}
)

select
    value,
    band,
    {{ score_band('value') }} as score_band,
    size,
    {{ company_size('value') }} as company_size
from cases
where
    {{ is_other_than(score_band('value'), 'band') }}
    or {{ is_other_than(company_size('value'), 'size') }}
