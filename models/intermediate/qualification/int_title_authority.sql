-- One row per job title (of a lead or a contact) and definition period: the authority of the first
-- phrase found in it.
-- Titles that no phrase decides have no row.
with

titles as (
    select title from {{ ref('int_people') }} where title is not null
    {{ distinct_union() }}
    select title from {{ ref('int_contacts_unioned') }} where title is not null
),

worded as (
    select title, {{ words('title') }} as title_words from titles
),

phrases as (
    select *, {{ words('phrase') }} as phrase_words from {{ ref('job_titles') }}
),

matches as (
    select
        worded.title,
        periods.period_from as definition_on,
        phrases.authority,
        phrases.phrase,
        row_number() over (
            partition by worded.title, periods.period_from
            order by phrases.match_order asc, length(phrases.phrase) desc, phrases.phrase asc
        ) as preference
    from worded
    inner join phrases on {{ position_of('phrases.phrase_words', 'worded.title_words') }} > 0
    inner join {{ ref('int_definition_periods') }} as periods
        on {{ in_force('phrases', 'periods.period_from') }}
),

int_title_authority as (
    select title, definition_on, authority, phrase
    from matches
    where preference = 1
)

select * from int_title_authority
