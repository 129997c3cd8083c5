{#-
A table or view on DuckDB, PostgreSQL and Spark in one statement. The adapters' own build beside, rename twice and drop, which protects
readers of what stands; ours have none, since every build fills a place that nobody reads and is published whole. Contracts,
hooks and comments are as everywhere; grants are given to what is published, and no model has an index.
-#}
{% macro made_at_once(kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type=kind) -%}
    {%- do name_types() -%}
    {%- if existing is not none -%}
        {#- `adapter.drop_relation` would make all that macros know of the project once more, for this one statement. -#}
        {%- do drop_relation(existing) -%}
        {%- do adapter.cache_dropped(existing) -%}
    {%- endif -%}
    {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
    {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, made, sql) if kind == 'table' else get_create_view_as_sql(made, sql) }}
    {%- endcall -%}
    {%- if kind == 'table' -%} {%- do count_rows(made) -%} {%- endif -%}
    {%- do run_hooks(post_hooks, inside_transaction=True) -%}
    {%- do persist_docs(made, model) -%}
    {%- do adapter.commit() -%}
    {%- do run_hooks(post_hooks, inside_transaction=False) -%}
    {{ return({'relations': [made]}) }}
{%- endmacro %}

{% materialization table, adapter='duckdb' %} {{ return(made_at_once('table')) }} {% endmaterialization %}

{% materialization view, adapter='duckdb' %} {{ return(made_at_once('view')) }} {% endmaterialization %}

{% materialization table, adapter='postgres' %} {{ return(made_at_once('table')) }} {% endmaterialization %}

{% materialization view, adapter='postgres' %} {{ return(made_at_once('view')) }} {% endmaterialization %}

{% materialization table, adapter='spark' %} {{ return(made_at_once('table')) }} {% endmaterialization %}

{% materialization view, adapter='spark' %} {{ return(made_at_once('view')) }} {% endmaterialization %}

{#- What the planner knows of a new table; a home that looks for itself needs nothing. -#}
{% macro count_rows(relation) -%} {{ return(adapter.dispatch('count_rows')(relation)) }} {%- endmacro %}
{% macro default__count_rows(relation) -%} {%- endmacro %}
{% macro postgres__count_rows(relation) -%} {%- do run_query('analyze ' ~ relation) -%} {%- endmacro %}
