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

-- Equality is a hash join; phrases and beginnings meet each distinct value once.
other_values as (
    select distinct fields.field, fields.field_value
    from fields
    where fields.field in (select rules.field from rules where rules.operator <> 'equals')
),

other_matches as (
    select other_values.field, other_values.field_value, rules.rule_id
    from other_values
    inner join rules
        on
            other_values.field = rules.field
            and rules.operator <> 'equals'
            and {{ rule_matches('rules.operator', 'other_values.field_value', 'rules.rule_value') }}
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
    select fields.lead_id, fields.definition_on, other_matches.rule_id
    from fields
    inner join other_matches
        on fields.field = other_matches.field and fields.field_value = other_matches.field_value
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
