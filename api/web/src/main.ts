import 'element-plus/es/components/base/style/css'
import './theme.css'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, locale } from './i18n'
import { router } from './router'
import { followTheme } from './theme'

document.documentElement.lang = locale()
followTheme()
createApp(App).use(i18n).use(router).mount('#app')
