{#-
A table or view on DuckDB in one statement. dbt-duckdb's own build beside, rename twice and drop, which protects readers of what
stands; ours have none, since every build fills files that nobody has open and is published whole. Contracts, hooks and comments
are as everywhere; grants and indexes DuckDB has none of.
-#}
{% macro made_at_once(kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type=kind) -%}
    {%- if existing is not none -%} {%- do adapter.drop_relation(existing) -%} {%- endif -%}
    {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
    {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, made, sql) if kind == 'table' else get_create_view_as_sql(made, sql) }}
    {%- endcall -%}
    {%- do run_hooks(post_hooks, inside_transaction=True) -%}
    {%- do persist_docs(made, model) -%}
    {%- do adapter.commit() -%}
    {%- do run_hooks(post_hooks, inside_transaction=False) -%}
    {{ return({'relations': [made]}) }}
{%- endmacro %}

{% materialization table, adapter='duckdb' %} {{ return(made_at_once('table')) }} {% endmaterialization %}

{% materialization view, adapter='duckdb' %} {{ return(made_at_once('view')) }} {% endmaterialization %}
