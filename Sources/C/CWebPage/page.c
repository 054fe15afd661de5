// The files of the web page, as bytes of the program: found wherever it is installed, and compiled in no time.
#include "CWebPage.h"

// #embed came with C23; clang takes it in every C.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char api_js[] = {
#embed "../../Serving/Server/UI/api.js"
};
static const unsigned char base_css[] = {
#embed "../../Serving/Server/UI/base.css"
};
static const unsigned char cells_js[] = {
#embed "../../Serving/Server/UI/cells.js"
};
static const unsigned char code_field_js[] = {
#embed "../../Serving/Server/UI/code-field.js"
};
static const unsigned char completion_js[] = {
#embed "../../Serving/Server/UI/completion.js"
};
static const unsigned char diagnosis_js[] = {
#embed "../../Serving/Server/UI/diagnosis.js"
};
static const unsigned char dom_js[] = {
#embed "../../Serving/Server/UI/dom.js"
};
static const unsigned char editor_css[] = {
#embed "../../Serving/Server/UI/editor.css"
};
static const unsigned char editor_js[] = {
#embed "../../Serving/Server/UI/editor.js"
};
static const unsigned char format_js[] = {
#embed "../../Serving/Server/UI/format.js"
};
static const unsigned char grid_js[] = {
#embed "../../Serving/Server/UI/grid.js"
};
static const unsigned char groups_js[] = {
#embed "../../Serving/Server/UI/groups.js"
};
static const unsigned char history_js[] = {
#embed "../../Serving/Server/UI/history.js"
};
static const unsigned char icon_svg[] = {
#embed "../../Serving/Server/UI/icon.svg"
};
static const unsigned char index_html[] = {
#embed "../../Serving/Server/UI/index.html"
};
static const unsigned char live_chart_js[] = {
#embed "../../Serving/Server/UI/live-chart.js"
};
static const unsigned char main_js[] = {
#embed "../../Serving/Server/UI/main.js"
};
static const unsigned char metadata_js[] = {
#embed "../../Serving/Server/UI/metadata.js"
};
static const unsigned char overview_js[] = {
#embed "../../Serving/Server/UI/overview.js"
};
static const unsigned char pages_css[] = {
#embed "../../Serving/Server/UI/pages.css"
};
static const unsigned char plan_js[] = {
#embed "../../Serving/Server/UI/plan.js"
};
static const unsigned char queries_js[] = {
#embed "../../Serving/Server/UI/queries.js"
};
static const unsigned char query_info_js[] = {
#embed "../../Serving/Server/UI/query-info.js"
};
static const unsigned char query_js[] = {
#embed "../../Serving/Server/UI/query.js"
};
static const unsigned char result_chart_js[] = {
#embed "../../Serving/Server/UI/result-chart.js"
};
static const unsigned char settings_js[] = {
#embed "../../Serving/Server/UI/settings.js"
};
static const unsigned char sql_js[] = {
#embed "../../Serving/Server/UI/sql.js"
};
static const unsigned char statement_js[] = {
#embed "../../Serving/Server/UI/statement.js"
};
static const unsigned char tabs_js[] = {
#embed "../../Serving/Server/UI/tabs.js"
};
static const unsigned char timeline_js[] = {
#embed "../../Serving/Server/UI/timeline.js"
};
static const unsigned char tree_js[] = {
#embed "../../Serving/Server/UI/tree.js"
};
static const unsigned char workers_js[] = {
#embed "../../Serving/Server/UI/workers.js"
};

const mp_web_file mp_web_files[] = {
  {"api.js", api_js, sizeof api_js},
  {"base.css", base_css, sizeof base_css},
  {"cells.js", cells_js, sizeof cells_js},
  {"code-field.js", code_field_js, sizeof code_field_js},
  {"completion.js", completion_js, sizeof completion_js},
  {"diagnosis.js", diagnosis_js, sizeof diagnosis_js},
  {"dom.js", dom_js, sizeof dom_js},
  {"editor.css", editor_css, sizeof editor_css},
  {"editor.js", editor_js, sizeof editor_js},
  {"format.js", format_js, sizeof format_js},
  {"grid.js", grid_js, sizeof grid_js},
  {"groups.js", groups_js, sizeof groups_js},
  {"history.js", history_js, sizeof history_js},
  {"icon.svg", icon_svg, sizeof icon_svg},
  {"index.html", index_html, sizeof index_html},
  {"live-chart.js", live_chart_js, sizeof live_chart_js},
  {"main.js", main_js, sizeof main_js},
  {"metadata.js", metadata_js, sizeof metadata_js},
  {"overview.js", overview_js, sizeof overview_js},
  {"pages.css", pages_css, sizeof pages_css},
  {"plan.js", plan_js, sizeof plan_js},
  {"queries.js", queries_js, sizeof queries_js},
  {"query-info.js", query_info_js, sizeof query_info_js},
  {"query.js", query_js, sizeof query_js},
  {"result-chart.js", result_chart_js, sizeof result_chart_js},
  {"settings.js", settings_js, sizeof settings_js},
  {"sql.js", sql_js, sizeof sql_js},
  {"statement.js", statement_js, sizeof statement_js},
  {"tabs.js", tabs_js, sizeof tabs_js},
  {"timeline.js", timeline_js, sizeof timeline_js},
  {"tree.js", tree_js, sizeof tree_js},
  {"workers.js", workers_js, sizeof workers_js},
};

const size_t mp_web_file_count = sizeof mp_web_files / sizeof mp_web_files[0];
