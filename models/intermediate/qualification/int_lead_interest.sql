{{ config(materialized='ephemeral') }}
-- One row per lead: pain and timing, by attributes, offer and opportunity alone.
with

people as (
    select * from {{ ref('int_people') }}
),

responses as (
    select lead_id, offer from {{ ref('int_lead_sources') }}
),

phrases as (
    select *, {{ words('phrase') }} as phrase_words from {{ ref('offers') }} where intent = 'buying'
),

-- Each offer is put into words once, not once a lead.
distinct_offers as (
    select distinct offer from responses where offer is not null
),

worded_offers as (
    select offer, {{ words('offer') }} as offer_words from distinct_offers
),

buying_offers as (
    select
        offers.offer,
        periods.period_from as definition_on,
        min(phrases.phrase) as phrase
    from worded_offers as offers
    inner join phrases on {{ position_of('phrases.phrase_words', 'offers.offer_words') }} > 0
    inner join {{ ref('int_definition_periods') }} as periods
        on {{ in_force('phrases', 'periods.period_from') }}
    group by offers.offer, periods.period_from
),

gathered as (
    select
        people.lead_id,
        case when not {{ says_nothing('people.pain') }} then people.pain end as pain,
        people.timeframe,
        responses.offer,
        coalesce(timeframes.months, {{ number_or_null('people.timeframe') }}) as months,
        buying_offers.phrase as offer_phrase,
        opportunities.lead_id is not null as has_opportunity
    from people
    inner join responses on people.lead_id = responses.lead_id
    left join buying_offers
        on
            responses.offer = buying_offers.offer
            and people.definition_on = buying_offers.definition_on
    left join {{ ref('timeframes') }} as timeframes
        on
            {{ folded('people.timeframe') }} = {{ folded('timeframes.raw_value') }}
            and {{ in_force('timeframes', 'people.definition_on') }}
    left join
        {{ ref('int_lead_opportunities') }} as opportunities
        on people.lead_id = opportunities.lead_id
),

int_lead_interest as (
    select
        lead_id,
        case
            when offer_phrase is not null then 'buying'
            when offer is not null then 'researching'
        end as offer_intent,
        case
            when pain is not null or offer_phrase is not null or has_opportunity then 'pass' else
                'unknown'
        end as pain_rule_only_verdict,
        case
            when pain is not null then 'pain_written'
            when offer_phrase is not null then 'offer_with_buying_intent'
            when has_opportunity then 'opportunity_exists'
            else 'pain_known'
        end as pain_rule,
        case
            when pain is not null then 'a pain is written on the record'
            when offer_phrase is not null then 'offer with "' || offer_phrase || '" in its name'
            when has_opportunity then 'an opportunity exists'
            else 'no pain written, no buying intent, no opportunity'
        end as pain_evidence,
        case
            when has_opportunity or months <= {{ var('max_timeframe_months') }} then 'pass'
            when months > {{ var('max_timeframe_months') }} then 'fail'
            else 'unknown'
        end as timing_rule_only_verdict,
        case
            when months <= {{ var('max_timeframe_months') }} then 'timeframe_inside_limit'
            when has_opportunity then 'opportunity_exists'
            when months > {{ var('max_timeframe_months') }} then 'timeframe_beyond_limit'
            else 'timeframe_known'
        end as timing_rule,
        case
            when
                months <= {{ var('max_timeframe_months') }}
                or (months is not null and not has_opportunity)
                then
                    'stated time frame of '
                    || {{ number_text('months') }}
                    || ' months'
            when has_opportunity then 'an opportunity exists'
            when timeframe is not null then 'stated time frame that no definition knows'
            else 'no time frame stated'
        end as timing_evidence
    from gathered
)

select * from int_lead_interest
