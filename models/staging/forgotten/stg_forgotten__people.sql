-- Grain: one row per record, address or activity of a person who asked to be forgotten, as a salted
-- hash. What is on the list, and all that is tied to it in the raw tables.
{{ config(materialized='table') }}

{{ forgotten_people() }}
