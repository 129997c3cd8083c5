-- One row per lead with a noise class, the first that holds: test, disposable, student, job_seeker,
-- vendor, competitor, internal.
with

people as (
    select * from {{ ref('int_people') }}
),

rules as (
    select
        *,
        {{ folded('value') }} as rule_value,
        case noise_class
            {% for name in [
                'test', 'disposable', 'student', 'job_seeker', 'vendor', 'competitor', 'internal'
            ] -%}
            when '{{ name }}' then {{ loop.index }}
            {% endfor -%}
        end as class_order
    from {{ ref('noise_rules') }}
),

fields as (
    {% for field in ['title', 'first_name', 'last_name', 'company'] -%}
    select lead_id, definition_on, '{{ field }}' as field, {{ folded(field) }} as field_value
    from people
    where {{ field }} is not null
    union all
    {% endfor -%}
    select lead_id, definition_on, 'email' as field, email_key as field_value
    from people
    where email_key is not null
    union all
    select
        lead_id,
        definition_on,
        'email_domain' as field,
        substr(email_key, {{ position_of("'@'", 'email_key') }} + 1) as field_value
    from people
    where email_key is not null
),

-- A phrase meets each distinct value once.
phrases as (
    select rule_id, field, {{ words('value') }} as phrase_words
    from rules
    where operator = 'phrase'
),

distinct_values as (
    select distinct fields.field, fields.field_value
    from fields
    where fields.field in (select phrases.field from phrases)
),

worded as (
    select *, {{ words('field_value') }} as value_words from distinct_values
),

phrase_matches as (
    select worded.field, worded.field_value, phrases.rule_id
    from worded
    inner join phrases
        on
            worded.field = phrases.field
            and {{ position_of('phrases.phrase_words', 'worded.value_words') }} > 0
),

-- The rest are equalities, each a hash join: of the whole value, or of as many letters as a rule has.
beginnings as (
    select distinct field, length(rule_value) as letters
    from rules
    where operator = 'starts_with'
),

matches as (
    select fields.lead_id, fields.definition_on, rules.rule_id
    from fields
    inner join rules
        on
            fields.field = rules.field
            and fields.field_value = rules.rule_value
            and rules.operator = 'equals'
    union all
    select fields.lead_id, fields.definition_on, rules.rule_id
    from fields
    inner join beginnings on fields.field = beginnings.field
    inner join rules
        on
            fields.field = rules.field
            and substr(fields.field_value, 1, beginnings.letters) = rules.rule_value
            and rules.operator = 'starts_with'
    union all
    select fields.lead_id, fields.definition_on, phrase_matches.rule_id
    from fields
    inner join phrase_matches
        on fields.field = phrase_matches.field and fields.field_value = phrase_matches.field_value
),

ranked as (
    select
        matches.lead_id,
        rules.noise_class,
        rules.rule_id,
        row_number()
            over (partition by matches.lead_id order by rules.class_order, rules.rule_id)
            as preference
    from matches
    inner join rules on matches.rule_id = rules.rule_id
    where {{ in_force('rules', 'matches.definition_on') }}
),

int_lead_noise as (
    select lead_id, noise_class, rule_id
    from ranked
    where preference = 1
)

select * from int_lead_noise
