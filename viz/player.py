def page(graph, scene, layout, theme):
    return ""
